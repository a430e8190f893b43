/** Room 1: Envoy's protocols. Calls become requests, decisions become answers. Nothing else knows Protobuf or gRPC. */
package dev.weir.envoy;
