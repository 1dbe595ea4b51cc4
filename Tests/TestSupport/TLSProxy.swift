// SPDX-License-Identifier: MIT
import Foundation

/// A proxy on the loopback that speaks TLS in front of a plain server, with a certificate of its own.
public final class TLSProxy {
  /// What it needs is installed.
  public static let isPresent = ServerProcess.has("openssl") && ServerProcess.has("python3")
  /// What a skipped test says.
  public static let skipped = "skipped: openssl or python3 is not installed"

  /// `https://localhost:PORT`.
  public let address: String
  /// The certificate that clients have to trust.
  public let certificateFile: String
  private let process: ServerProcess

  private static let program = """
    import socket, ssl, sys, threading
    listen, target, certificate, key = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    def pump(source, sink):
        try:
            while piece := source.recv(65536): sink.sendall(piece)
        except OSError: pass
        for end in (source, sink):
            try: end.shutdown(socket.SHUT_RDWR)
            except OSError: pass
    def serve(plain):
        try:
            with context.wrap_socket(plain, server_side=True) as client, \\
                socket.create_connection(("127.0.0.1", target)) as server:
                back = threading.Thread(target=pump, args=(server, client), daemon=True)
                back.start(); pump(client, server); back.join()
        except OSError: pass
    with socket.create_server(("127.0.0.1", listen)) as listener:
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    """

  /// A proxy in front of a port; its certificate lies in `folder`.
  public init(to target: Int, in folder: TemporaryFolder) throws {
    let key = folder.path("tls-key.pem")
    certificateFile = folder.path("tls-certificate.pem")
    try ServerProcess.run(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificateFile,
      ])
    let port = try ServerProcess.freePort()
    address = "https://localhost:\(port)"
    process = try ServerProcess(
      "python3", ["-c", Self.program, "\(port)", "\(target)", certificateFile, key], port: port)
  }

  /// Ends it.
  public func stop() { process.stop() }
}
