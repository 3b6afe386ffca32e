// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One malformed request of the published classes of request smuggling, and what must become of it.
struct Attack: Sendable {
    /// What must become of it.
    enum Verdict: Equatable, Sendable {
        /// Answered by one of the 4xx, then the connection ends; the handler sees nothing whole.
        case refused
        /// Read in the one way that RFC 9112 allows: these requests, each as `METHOD path body`.
        case read([String])
    }

    var name: String
    var text: String
    var verdict: Verdict
    /// Whether the client keeps its side open: one that closes it wants no socket any more.
    var isWaiting: Bool

    init(
        _ name: String, _ text: String, _ verdict: Verdict = .refused, isWaiting: Bool = false
    ) {
        self.isWaiting = isWaiting
        self.name = name
        self.text = text
        self.verdict = verdict
    }

    /// The request that would be smuggled; its path is looked for in what the handler saw.
    static let marker = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// A request with these header lines and this body.
    static func post(_ lines: String..., body: String = marker) -> String {
        "POST /victim HTTP/1.1\r\nHost: localhost\r\n"
            + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    /// A request without a body, with these header lines and a marker behind it.
    static func get(_ lines: String...) -> String {
        "GET /victim HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + marker
    }

    /// A chunked request whose body is these bytes.
    static func chunked(_ body: String) -> String {
        post("Transfer-Encoding: chunked", body: body)
    }

    /// A request of this request line and a marker behind it.
    static func line(_ line: String) -> String {
        line + "\r\nHost: localhost\r\n\r\n" + marker
    }
}

/// Our own corpus, written from the classes that are published: Linhart and others (2005), Kettle's
/// "HTTP Desync Attacks" (2019) and "HTTP/1.1 must die" (2025), the "T-Reqs" and "HTTP Garden"
/// papers, and RFC 9112 sections 2 to 7 and 11.2.
enum SmugglingCorpus {
    static let all: [Attack] =
        bothLengths + transferEncodings + contentLengths + chunks + hosts + targets + lines + names
        + versions + upgrades + well

    // MARK: CL.TE and TE.CL

    private static let bothLengths: [Attack] = [
        Attack(
            "CL.TE",
            Attack.post(
                "Content-Length: 6", "Transfer-Encoding: chunked",
                body: "0\r\n\r\nG" + Attack.marker)),
        Attack(
            "TE.CL",
            Attack.post(
                "Transfer-Encoding: chunked", "Content-Length: 4",
                body: "2e\r\n" + Attack.marker + "\r\n0\r\n\r\n")),
        Attack(
            "CL.0 with TE",
            Attack.post("Content-Length: 0", "Transfer-Encoding: chunked", body: "0\r\n\r\n")),
        Attack(
            "equal CL and TE",
            Attack.post("Content-Length: 5", "Transfer-Encoding: chunked", body: "0\r\n\r\n")),
        Attack(
            "GET with CL and TE",
            "GET /victim HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Attack.marker),
    ]

    // MARK: TE.TE

    private static let transferEncodings: [Attack] = [
        "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked,",
        "Transfer-Encoding: , chunked",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: identity", "Transfer-Encoding: gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: xchunked", "Transfer-Encoding: chunkedx", "Transfer-Encoding: chunk",
        "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: 'chunked'",
        "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: chunked; ext",
        "Transfer-Encoding:", "Transfer-Encoding: ", "Transfer-Encoding: \u{b}chunked",
        "Transfer-Encoding: \u{c}chunked", "Transfer-Encoding: chunked\u{b}",
        "Transfer-Encoding: chunked\0", "Transfer-Encoding: \0chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-encoding: cow", "Transfer-Encoding\t: chunked",
        "Transfer-Encoding : chunked", " Transfer-Encoding: chunked",
        "\tTransfer-Encoding: chunked",
        "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: chun\r\n ked",
        "X: y\nTransfer-Encoding: chunked", "X: y\rTransfer-Encoding: chunked",
        "X: y\r\n\rTransfer-Encoding: chunked", "Transfer-Encoding\0: chunked",
        "Transfer Encoding: chunked", "Transfer-Encoding chunked",
    ].map { line in
        Attack(
            "TE.TE \(line.debugDescription)", Attack.post(line, body: "0\r\n\r\n" + Attack.marker))
    }

    // MARK: Content-Length

    private static let contentLengths: [Attack] =
        [
            "Content-Length: 3\r\nContent-Length: 4", "Content-Length: 4\r\nContent-Length: 3",
            "Content-Length: 3, 4", "Content-Length: 3 4", "Content-Length: +3",
            "Content-Length: -3", "Content-Length: -0", "Content-Length: 0x3",
            "Content-Length: 3.0", "Content-Length: 3e0", "Content-Length: 3;",
            "Content-Length: 1_0",
            "Content-Length: \"3\"", "Content-Length: three", "Content-Length: 3\u{b}",
            "Content-Length: \u{c}3", "Content-Length: 3\0", "Content-Length: \u{663}",
            "Content-Length: 18446744073709551619", "Content-Length: 9223372036854775811",
            "Content-Length: 99999999999999999999999999", "Content-Length : 3",
            " Content-Length: 3", "Content-Length\0: 3", "Content-Length:\r\n 3",
            "X: y\nContent-Length: 3", "X: y\rContent-Length: 3", "Content_Length 3",
        ].map { line in
            Attack("CL \(line.debugDescription)", Attack.post(line, body: "abc" + Attack.marker))
        } + [
            Attack("CL empty", Attack.post("Content-Length:", body: Attack.marker)),
            Attack("CL blank", Attack.post("Content-Length:  ", body: Attack.marker)),
            Attack("CL cut short", Attack.post("Content-Length: 500", body: "abc")),
        ]

    // MARK: Chunks

    private static let chunks: [Attack] = [
        ("no size", "\r\nabc\r\n0\r\n\r\n"), ("minus", "-3\r\nabc\r\n0\r\n\r\n"),
        ("plus", "+3\r\nabc\r\n0\r\n\r\n"), ("0x", "0x3\r\nabc\r\n0\r\n\r\n"),
        ("not hexadecimal", "g\r\nabc\r\n0\r\n\r\n"), ("space in front", " 3\r\nabc\r\n0\r\n\r\n"),
        ("tab in front", "\t3\r\nabc\r\n0\r\n\r\n"), ("space behind", "3 \r\nabc\r\n0\r\n\r\n"),
        ("tab behind", "3\t\r\nabc\r\n0\r\n\r\n"),
        ("overflow", "10000000000000003\r\nabc\r\n0\r\n\r\n"),
        ("overflow to zero", "10000000000000000\r\n" + Attack.marker),
        ("long", String(repeating: "f", count: 17) + "\r\nabc\r\n0\r\n\r\n"),
        ("underscore", "1_0\r\nabc\r\n0\r\n\r\n"), ("comma", "3,\r\nabc\r\n0\r\n\r\n"),
        ("NUL", "3\0\r\nabc\r\n0\r\n\r\n"), ("LF only", "3\nabc\n0\n\n"),
        ("LF behind the size", "3\nabc\r\n0\r\n\r\n"),
        ("LF behind the data", "3\r\nabc\n0\r\n\r\n"),
        ("CR only", "3\rabc\r0\r\r"), ("CR behind the size", "3\rXabc\r\n0\r\n\r\n"),
        ("no end of data", "3\r\nabc0\r\n\r\n"), ("data too long", "3\r\nabcd\r\n0\r\n\r\n"),
        ("data too short", "5\r\nabc\r\n0\r\n\r\n"),
        ("two bytes instead of CRLF", "3\r\nabcXX0\r\n\r\n"),
        ("LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
        ("LF ends an extension", "3;a\nabc\r\n0\r\n\r\n"),
        ("CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n"),
        ("NUL in an extension", "3;a\0\r\nabc\r\n0\r\n\r\n"),
        ("control in an extension", "3;a=\u{1}\r\nabc\r\n0\r\n\r\n"),
        ("LF behind the last size", "3\r\nabc\r\n0\n\r\n"),
        ("LF at the very end", "3\r\nabc\r\n0\r\n\n"),
        ("CR at the very end", "3\r\nabc\r\n0\r\n\rX"),
        ("no last chunk", "3\r\nabc\r\n"), ("space in a trailer's name", "0\r\nX : y\r\n\r\n"),
        ("obsolete fold in a trailer", "0\r\nX: y\r\n z\r\n\r\n"),
        ("NUL in a trailer", "0\r\nX: \0\r\n\r\n"),
        ("length in a trailer", "0\r\nContent-Length: 50\r\n\r\n"),
        ("encoding in a trailer", "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ].map { name, body in Attack("chunk: \(name)", Attack.chunked(body + Attack.marker)) }

    // MARK: Host and target

    private static let hosts: [Attack] = [
        ("absent", []), ("empty", ["Host:"]), ("blank", ["Host:  "]),
        ("twice", ["Host: localhost", "Host: localhost"]),
        ("two different", ["Host: localhost", "Host: evil.example"]),
        ("a list", ["Host: localhost, evil.example"]), ("with a space", ["Host: localhost evil"]),
        ("with a user", ["Host: user@localhost"]), ("with a path", ["Host: localhost/path"]),
        ("with a query", ["Host: localhost?x"]), ("with a fragment", ["Host: localhost#x"]),
        ("a port of letters", ["Host: localhost:http"]), ("two ports", ["Host: localhost:80:81"]),
        ("a URL", ["Host: http://localhost"]), ("with a NUL", ["Host: localhost\0"]),
        ("with a tab", ["Host: local\thost"]), ("a broken literal", ["Host: [::1"]),
        ("more behind a literal", ["Host: [::1]evil"]), ("not ASCII", ["Host: l\u{f6}calhost"]),
        ("folded", ["Host: local\r\n host"]), ("space before the colon", ["Host : localhost"]),
        ("in front of the name", [" Host: localhost"]),
    ].map { name, lines in
        Attack(
            "Host: \(name)",
            "GET /victim HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + Attack.marker
        )
    }

    private static let targets: [Attack] = [
        "GET http://evil.example/victim HTTP/1.1", "GET http://localhost/victim HTTP/1.1",
        "GET https://localhost/victim HTTP/1.1", "GET localhost/victim HTTP/1.1",
        "GET victim HTTP/1.1", "GET * HTTP/1.1", "GET /vic tim HTTP/1.1", "GET /victim\tHTTP/1.1",
        "GET\t/victim HTTP/1.1",
        "GET /victim HTTP/1.1 ", "GET /vic\0tim HTTP/1.1", "GET /vic\u{1}tim HTTP/1.1",
        "GET /vic\u{7f}tim HTTP/1.1", "GET /victim#fragment HTTP/1.1", "GET /v\u{ef}ctim HTTP/1.1",
        "CONNECT localhost:80 HTTP/1.1", "CONNECT /victim HTTP/1.1", "GET HTTP/1.1",
        "GE(T /victim HTTP/1.1", "G\0ET /victim HTTP/1.1", " GET /victim HTTP/1.1",
        "get /victim HTTP/1.1", "PRI * HTTP/2.0", "GET /victim", "/victim HTTP/1.1",
    ].map { Attack("line \($0.debugDescription)", Attack.line($0)) }

    // MARK: Lines and names

    private static let lines: [Attack] = [
        Attack("LF only", "GET /victim HTTP/1.1\nHost: localhost\n\n" + Attack.marker),
        Attack("LF behind the request line", "GET /victim HTTP/1.1\nHost: localhost\r\n\r\n"),
        Attack(
            "LF behind a field", "GET /victim HTTP/1.1\r\nHost: localhost\n\r\n" + Attack.marker),
        Attack(
            "LF for the empty line", "GET /victim HTTP/1.1\r\nHost: localhost\r\n\n" + Attack.marker
        ),
        Attack("CR only", "GET /victim HTTP/1.1\rHost: localhost\r\r" + Attack.marker),
        Attack("CR behind the request line", "GET /victim HTTP/1.1\rHost: localhost\r\n\r\n"),
        Attack("CR CR LF", "GET /victim HTTP/1.1\r\r\nHost: localhost\r\n\r\n"),
        Attack("CR behind a field", "GET /victim HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n"),
        Attack(
            "CR for the empty line",
            "GET /victim HTTP/1.1\r\nHost: localhost\r\n\rX" + Attack.marker),
        Attack(
            "space before the first field",
            "GET /victim HTTP/1.1\r\n X: y\r\nHost: localhost\r\n\r\n"),
        Attack("NUL in front", "\0GET /victim HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ]

    private static let names: [Attack] = [
        "X Y: z", "X\t: z", "X : z", ": z", "X\0: z", "X\u{1}: z", "X(: z", "X@: z", "X,: z",
        "X\": z",
        "X\u{e9}: z", "no colon", "X: y\r\n folded", "X: y\r\n\tfolded", "X: y\r\n \r\n\tmore",
        "X: \0", "X: y\u{1}z", "X: y\u{7f}z", "X: y\rz", "X: y\u{8}",
    ].map { Attack("field \($0.debugDescription)", Attack.get("Host: localhost", $0)) }

    // MARK: Versions

    private static let versions: [Attack] =
        [
            "GET /victim HTTP/1.2", "GET /victim HTTP/1.10", "GET /victim HTTP/2.0",
            "GET /victim HTTP/2", "GET /victim HTTP/0.9", "GET /victim HTTP/1",
            "GET /victim HTTP/11",
            "GET /victim HTTP/01.1", "GET /victim HTTP/1.1x", "GET /victim http/1.1",
            "GET /victim HTTPS/1.1", "GET /victim HTTP/ 1.1", "GET /victim HTTP/1.-1",
            "GET /victim ICE/1.0", "GET /victim HTTP/1,1",
        ].map { Attack("version \($0.debugDescription)", Attack.line($0)) } + [
            Attack("HTTP/0.9", "GET /victim\r\n"),
            Attack(
                "HTTP/1.0 with TE",
                "POST /victim HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                    + "Connection: keep-alive\r\n\r\n0\r\n\r\n" + Attack.marker),
            Attack(
                "HTTP/1.0 with CL and TE",
                "POST /victim HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                    + "Content-Length: 5\r\n\r\n0\r\n\r\n" + Attack.marker),
        ]

    // MARK: Upgrades

    private static let socket =
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="

    private static let upgrades: [Attack] = [
        Attack(
            "socket where there is none", Attack.get("Host: localhost", socket), isWaiting: true),
        Attack(
            "socket of version 777",
            Attack.get(
                "Host: localhost", socket.replacing("Version: 13", with: "Version: 777"))),
        Attack("socket with a body", Attack.get("Host: localhost", socket, "Content-Length: 47")),
        Attack(
            "socket with chunks",
            Attack.get("Host: localhost", socket, "Transfer-Encoding: chunked")),
        Attack(
            "socket by POST",
            Attack.post(socket, "Content-Length: 0")),
        Attack(
            "socket in HTTP/1.0",
            "GET /victim HTTP/1.0\r\nHost: localhost\r\n\(socket)\r\n\r\n" + Attack.marker),
        Attack(
            "h2c",
            Attack.get(
                "Host: localhost", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings",
                "HTTP2-Settings: AAMAAABkAAQAAP__"), .read(["GET /victim "])),
        Attack(
            "TLS", Attack.get("Host: localhost", "Upgrade: TLS/1.3", "Connection: Upgrade"),
            .read(["GET /victim "])),
    ]

    // MARK: What looks odd and has one meaning

    private static let well: [Attack] = [
        Attack(
            "two in a row", Attack.get("Host: localhost"),
            .read(["GET /victim ", "GET /smuggled "])),
        Attack(
            "a body that reads like a request",
            Attack.post("Content-Length: \(Attack.marker.utf8.count)"),
            .read(["POST /victim \(Attack.marker)"])),
        Attack(
            "chunks that read like a request",
            Attack.chunked(
                String(Attack.marker.utf8.count, radix: 16) + "\r\n" + Attack.marker
                    + "\r\n0\r\n\r\n"),
            .read(["POST /victim \(Attack.marker)"])),
        Attack(
            "a chunk extension", Attack.chunked("3;a=b\r\nabc\r\n0;c\r\n\r\n"),
            .read(["POST /victim abc"])),
        Attack(
            "zeros in front of a size", Attack.chunked("0003\r\nabc\r\n000\r\n\r\n"),
            .read(["POST /victim abc"])),
        Attack(
            "zeros in front of a length", Attack.post("Content-Length: 0003", body: "abc"),
            .read(["POST /victim abc"])),
        Attack(
            "CHUNKED", Attack.post("Transfer-Encoding: ChuNKed", body: "0\r\n\r\n"),
            .read(["POST /victim "])),
        Attack(
            "no space behind colons", Attack.post("Content-Length:3", body: "abc"),
            .read(["POST /victim abc"])),
        Attack(
            "space around a length", Attack.post("Content-Length: \t3 ", body: "abc"),
            .read(["POST /victim abc"])),
        Attack(
            "Connection names the length",
            Attack.post("Connection: content-length", "Content-Length: 3", body: "abc"),
            .read(["POST /victim abc"])),
        Attack(
            "Connection names the chunks",
            Attack.post(
                "Connection: transfer-encoding", "Transfer-Encoding: chunked",
                body: "3\r\nabc\r\n0\r\n\r\n"),
            .read(["POST /victim abc"])),
        Attack(
            "HEAD with a body",
            "HEAD /victim HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
            .read(["HEAD /victim abc"])),
        Attack(
            "an empty line in front", "\r\nGET /victim HTTP/1.1\r\nHost: localhost\r\n\r\n",
            .read(["GET /victim "])),
        Attack(
            "GET with a body",
            "GET /victim HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
                + Attack.marker,
            .read(["GET /victim abc", "GET /smuggled "])),
        Attack(
            "HTTP/1.0, which ends with its answer",
            "GET /victim HTTP/1.0\r\nHost: localhost\r\n\r\n" + Attack.marker,
            .read(["GET /victim "])),
        Attack(
            "RTSP/1.0, which the parser takes for HTTP/1.0", Attack.line("GET /victim RTSP/1.0"),
            .read(["GET /victim "])),
        Attack(
            "a host in a trailer, which is nobody's",
            Attack.chunked("0\r\nHost: evil.example\r\n\r\n"), .read(["POST /victim "])),
        Attack(
            "more spaces (RFC 9112 section 3)", Attack.line("GET  /victim  HTTP/1.1"),
            .read(["GET /victim ", "GET /smuggled "])),
        Attack(
            "closed by the client",
            Attack.get("Host: localhost", "Connection: close"), .read(["GET /victim "])),
        Attack(
            "a method of RFC 5789",
            "PATCH /victim HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
            .read(["PATCH /victim abc"])),
    ]
}
