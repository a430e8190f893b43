/** External authorization: who is calling, and whether the request is admitted. */
package dev.weir.envoy.authz;
