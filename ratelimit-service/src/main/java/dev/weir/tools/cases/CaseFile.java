package dev.weir.tools.cases;

import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import java.util.List;

/**
 * The cases of one file, with the policy that they are about.
 *
 * @param name the path of the file, below the folder where the user named one
 * @param policyName the path of the policy's file or folder, resolved against the case file where that names it
 * @param domain the domain of all its cases, one of the policy's
 */
public record CaseFile(String name, String policyName, Policy policy, Domain domain, List<Case> cases) {
    public CaseFile {
        cases = List.copyOf(cases);
    }

    /** Returns this file with only the cases whose name contains {@code text}. */
    public CaseFile only(String text) {
        List<Case> left =
                cases.stream().filter(one -> one.name().contains(text)).toList();
        return new CaseFile(name, policyName, policy, domain, left);
    }
}
