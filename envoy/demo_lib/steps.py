"""The show as data: who asks for what, and exactly what must come of it. policy.yaml and keys.yaml hold its numbers."""

import json
from dataclasses import dataclass, field
from typing import Dict, Optional

PROMPT = "What is a weir?"
PROMPT_TOKENS = 4  # what the stand-in provider counts for it: a token for every four characters


@dataclass
class Step:
    says: str                          # what the step shows
    key: str                           # whose secret is sent: "weir-sample-" + key
    max_tokens: Optional[int] = 50     # None: the request names none
    completion: int = 12               # completion tokens that the provider will report
    stream: bool = False
    fails: bool = False                # the provider answers 500
    headers: Dict[str, str] = field(default_factory=dict)

    # what must happen
    status: int = 200
    limit: Optional[str] = None        # the limit that refuses
    retry: bool = True                 # whether that refusal says when to come back
    held: Optional[int] = None         # tokens held at admission beside the prompt; None: max_tokens
    provider_sees: Optional[Dict[str, Optional[str]]] = None

    @property
    def admitted(self):
        return self.limit is None and self.status not in (401, 403)

    @property
    def tokens_held(self):
        prompt = -(-len(self.body) // 4)
        return prompt + (self.max_tokens if self.held is None else self.held)

    @property
    def body(self):
        body = {"model": "demo-model", "messages": [{"role": "user", "content": PROMPT}]}
        if self.max_tokens is not None:
            body["max_tokens"] = self.max_tokens
        if self.stream:
            body["stream"] = True
        return json.dumps(body)

    @property
    def tokens_used(self):
        return 0 if self.fails else PROMPT_TOKENS + self.completion


def requests(count, says, key, **more):
    return [Step("%s, %d of %d" % (says, n, count), key, **more) for n in range(1, count + 1)]


DESCRIPTORS_SHOW = [
    ("Who is calling: as ever", [
        Step("a key nobody knows", "mallory", status=401),
    ]),
    ("Three requests a minute for a key, whatever max_tokens says",
        [Step("alice's laptop, 1 of 3", "alice-laptop"), Step("alice's laptop, 2 of 3", "alice-laptop", max_tokens=70, stream=True),
         Step("alice's laptop, 3 of 3", "alice-laptop", max_tokens=90),
         Step("alice's laptop once more", "alice-laptop", status=429),
         Step("and again: what is refused is counted too", "alice-laptop", status=429)]
        + [Step("carol, with a key of her own", "carol-laptop")]),
    ("One a minute in shadow mode: nobody is refused", requests(3, "alice's other key", "alice-ci")),
    ("bob-* is unlimited", requests(5, "bob", "bob-laptop")),
]

SHOW = [
    ("Who is calling", [
        Step("a key nobody knows", "mallory", status=401),
        Step("a key that was disabled", "dave-laptop", status=403),
        Step("alice, who claims to be somebody else", "alice-laptop",
             headers={"x-weir-user": "root", "x-weir-team": "board"},
             provider_sees={"x-weir-user": "alice", "x-weir-team": "search", "x-weir-key": "alice-laptop"}),
    ]),
    ("Tokens: carol may spend 4000 a minute; what a request holds becomes what it used", [
        Step("holds much, uses little", "carol-laptop", max_tokens=3000, completion=200),
        Step("fits only because the first was settled", "carol-laptop", max_tokens=3000, completion=350, stream=True),
        Step("names no max_tokens: the estimate is held", "carol-laptop", max_tokens=None, held=500, completion=120),
        Step("the provider fails: all is given back", "carol-laptop", max_tokens=1000, fails=True, status=500),
        Step("uses more than it held", "carol-laptop", max_tokens=2300, completion=2400, stream=True),
        Step("no room for this one now", "carol-laptop", max_tokens=2000, status=429, limit="key-tokens"),
        Step("more than the limit: will never fit", "carol-laptop", max_tokens=9000, status=429, limit="key-tokens",
             retry=False),
        Step("bob's key, user and team have room, all together have not", "bob-laptop", max_tokens=3950, status=429,
             limit="global-tokens"),
    ]),
    ("Requests: 6 a minute for a key, 8 for a user, 11 for a team",
        requests(5, "alice's laptop", "alice-laptop")
        + [Step("alice's laptop once more", "alice-laptop", status=429, limit="key-requests")]
        + requests(2, "alice's other key", "alice-ci", stream=True)
        + [Step("alice's other key once more", "alice-ci", status=429, limit="user-requests")]
        + requests(3, "bob, of alice's team", "bob-laptop")
        + [Step("bob once more", "bob-laptop", status=429, limit="team-requests"),
           Step("carol, of another team, is untouched", "carol-laptop", max_tokens=100)]),
]
