#!/usr/bin/env bash
# gRPC-Java 1.85.1, gRPC-Go 1.77.0, grpcio 1.76.0: servers that allow two calls on a connection, and a client that sends five whole calls
# before it has read the server's settings, as RFC 9113, section 6.5.2, lets it.
# One would guess: two calls are answered and three are refused with REFUSED_STREAM, so that the client may try them again, in all three.
# What happens: so it is in Go. grpcio answers two, but refuses with ENHANCE_YOUR_CALM, after which a client must not try again at once. Java
# refuses the first that is too many and ends the connection with PROTOCOL_ERROR at that call's own DATA ("Stream 5 does not exist"), so all
# five fail, the two that were allowed too.
# What follows: a bound on a Java server's concurrent calls stays above what a proxy may send at once on a new connection; the proxy's
# own bound (a circuit breaker) is the one to set.
set -euo pipefail
folder=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
mkdir -p "$folder"/{java/src/main/java,go}

cat >"$folder/java/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId>
  <artifactId>x</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>io.grpc</groupId><artifactId>grpc-netty-shaded</artifactId><version>1.85.1</version></dependency>
    <dependency><groupId>io.grpc</groupId><artifactId>grpc-services</artifactId><version>1.85.1</version></dependency>
  </dependencies>
</project>
POM
cat >"$folder/java/src/main/java/Server.java" <<'JAVA'
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.net.InetSocketAddress;

public class Server {
    public static void main(String[] arguments) throws Exception {
        var server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .maxConcurrentCallsPerConnection(2)
                .addService(new HealthStatusManager().getHealthService())
                .build()
                .start();
        System.out.println(server.getPort());
        server.awaitTermination();
    }
}
JAVA
(cd "$folder/java" && mvn -q package dependency:build-classpath -Dmdep.outputFile=classpath)
java -cp "$folder/java/target/classes:$(cat "$folder/java/classpath")" Server >"$folder/java.port" 2>/dev/null &
servers+=($!)

cat >"$folder/go/main.go" <<'GO'
package main

import (
	"fmt"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	server := grpc.NewServer(grpc.MaxConcurrentStreams(2))
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	server.Serve(listener)
}
GO
(cd "$folder/go" && export GOPATH="$folder/gopath" && go mod init x && go get google.golang.org/grpc@v1.77.0 && go build -o server .) >/dev/null 2>&1
"$folder/go/server" >"$folder/go.port" &
servers+=($!)

python3 -m pip install -q --disable-pip-version-check --target "$folder/python" grpcio==1.76.0 grpcio-health-checking==1.76.0
cat >"$folder/server.py" <<'PYTHON'
import concurrent.futures
import grpc
from grpc_health.v1 import health, health_pb2_grpc

server = grpc.server(concurrent.futures.ThreadPoolExecutor(10), options=[("grpc.max_concurrent_streams", 2)])
health_pb2_grpc.add_HealthServicer_to_server(health.HealthServicer(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
PYTHON
PYTHONPATH="$folder/python" python3 "$folder/server.py" >"$folder/grpcio.port" &
servers+=($!)

cat >"$folder/client.py" <<'PYTHON'
import socket, struct, sys, time

def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload

def field(name, value):
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value

HEADERS = b"".join(field(*pair) for pair in (
    (b":method", b"POST"), (b":scheme", b"http"), (b":path", b"/grpc.health.v1.Health/Watch"), (b":authority", b"x"),
    (b"content-type", b"application/grpc"), (b"te", b"trailers")))

def five_calls(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(0.2)
    calls = b"".join(frame(1, 4, n, HEADERS) + frame(0, 1, n, b"\0\0\0\0\0") for n in range(1, 11, 2))
    connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + calls)
    got, end, state = b"", time.monotonic() + 3, "open"
    while time.monotonic() < end and state == "open":
        try:
            data = connection.recv(1 << 16)
            got += data
            state = state if data else "ended"
        except TimeoutError:
            pass
    answered, resets, goaway = set(), set(), ""
    while len(got) >= 9:
        length, kind, stream = int.from_bytes(got[:3], "big"), got[3], int.from_bytes(got[5:9], "big")
        payload, got = got[9:9 + length], got[9 + length:]
        if kind == 1:
            answered.add(stream)
        elif kind == 3:
            resets.add(int.from_bytes(payload, "big"))
        elif kind == 7:
            goaway = ", GOAWAY with %d" % int.from_bytes(payload[4:8], "big")
    return "%d answered, refused with %s%s, connection %s" % (len(answered), sorted(resets), goaway, state)

for name in ("java", "go", "grpcio"):
    deadline = time.monotonic() + 60
    while not (port := open("%s/%s.port" % (sys.argv[1], name)).read()) and time.monotonic() < deadline:
        time.sleep(0.1)
    print("%s: %s" % (name, five_calls(int(port))))
PYTHON
seen=$(python3 "$folder/client.py" "$folder")
echo "$seen"
[ "$seen" = "java: 0 answered, refused with [7], GOAWAY with 1, connection ended
go: 2 answered, refused with [7], connection open
grpcio: 2 answered, refused with [11], connection open" ]
