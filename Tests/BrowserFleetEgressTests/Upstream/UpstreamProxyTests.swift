// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetEgress

@Suite struct UpstreamProxyTests {
    @Test(
        "a proxy URL is read",
        arguments: [
            ("http://proxy.example:3128", "http://proxy.example:3128", nil),
            ("proxy.example:3128", "http://proxy.example:3128", nil),
            ("http://proxy.example", "http://proxy.example:80", nil),
            ("https://proxy.example/", "https://proxy.example:443", nil),
            ("HTTPS://Proxy.Example:8443", "https://proxy.example:8443", nil),
            ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128", nil),
            ("http://user:pass@proxy.example:1", "http://proxy.example:1", "Basic dXNlcjpwYXNz"),
            (
                "http://u%40x:p%3A%2F@proxy.example:1", "http://proxy.example:1",
                "Basic dUB4OnA6Lw=="
            ),
            ("http://user@proxy.example:1", "http://proxy.example:1", "Basic dXNlcjo="),
            ("http://a:b@c@proxy.example:1", "http://proxy.example:1", "Basic YTpiQGM="),
            ("socks5://proxy.example", "socks5://proxy.example:1080", nil),
            ("SOCKS5://[2001:db8::1]:9", "socks5://[2001:db8::1]:9", nil),
        ] as [(String, String, String?)])
    func reads(url: String, place: String, authorization: String?) throws {
        let proxy = try UpstreamProxy(url: url)
        #expect("\(proxy.scheme.rawValue)://\(proxy.endpoint.authority)" == place)
        #expect(proxy.credentials?.authorization == authorization)
    }

    @Test(
        "what is no proxy is refused, naming the field and nothing of what was written",
        arguments: [
            ("socks5h://h:1", "socks5"), ("socks4://s3cret@h:1", "socks5"),
            ("socks5://s3cret@h:1", "255 bytes"), ("socks5://:s3cret@h:1", "255 bytes"),
            ("ftp://h:1", "http, https or socks5"),
            ("http://h:1/path", "path"), ("http://h:1?q", "path"), ("http://", "host and port"),
            ("http://s3cret:s3cret@", "host and port"), ("http://h:0", "host and port"),
            ("http://h:99999", "host and port"), ("http://h h:1", "host and port"),
            ("http://s3cret%zz:x@h:1", "percent-encode"),
            ("http://a:s3cret%0d%0aX@h:1", "percent-encode"),
            ("http://a%3Ab:s3cret@h:1", "percent-encode"), ("http://:s3cret@h:1", "percent-encode"),
            ("", "host and port"), ("s3cret://h", "http, https or socks5"),
        ])
    func refuses(url: String, advice: String) {
        let error = #expect(throws: UpstreamProxyError.self) { try UpstreamProxy(url: url) }
        #expect(error?.field == "proxy")
        #expect(error?.advice.contains(advice) == true, "\(String(describing: error))")
        #expect(!String(describing: error).contains("s3cret"))
    }

    @Test("an object names its server, user, password and bypass")
    func object() throws {
        let proxy = try UpstreamProxy(
            server: "http://h:1", username: "user", password: "pass", bypass: ".a.example, b:81")
        #expect(proxy.credentials?.authorization == "Basic dXNlcjpwYXNz")
        #expect(proxy.bypass.covers(try #require(EgressTarget(host: "x.a.example", port: 1))))
        #expect(try UpstreamProxy(server: "h:1", username: "", password: "").credentials == nil)
    }

    @Test("SOCKS takes what its messages can carry, which is not what a header can")
    func socksCredentials() throws {
        let odd = try UpstreamProxy(server: "socks5://h", username: "a:b", password: "c\n")
        #expect(odd.credentials?.socksMessage == [1, 3, 0x61, 0x3a, 0x62, 2, 0x63, 0x0a])
        let long = String(repeating: "x", count: 256)
        for (user, password) in [("u", long), (long, "p"), ("u", "")] {
            let error = #expect(throws: UpstreamProxyError.self) {
                try UpstreamProxy(server: "socks5://h", username: user, password: password)
            }
            #expect(error?.field == "proxy.username")
        }
        #expect(throws: UpstreamProxyError.self) {
            try UpstreamProxy(server: "http://h", username: "a:b", password: "c")
        }
    }

    @Test("each bad field of an object is named")
    func objectErrors() {
        func field(_ make: () throws -> UpstreamProxy) -> String? {
            (#expect(throws: UpstreamProxyError.self) { try make() })?.field
        }
        #expect(field { try UpstreamProxy(server: "ftp://h") } == "proxy.server")
        #expect(field { try UpstreamProxy(server: "h:1", password: "x") } == "proxy.username")
        #expect(field { try UpstreamProxy(server: "h:1", username: "a\nb") } == "proxy.username")
        #expect(field { try UpstreamProxy(server: "h:1", bypass: "http://x") } == "proxy.bypass")
        #expect(
            field { try UpstreamProxy(server: "http://a:b@h:1", username: "u") } == "proxy.server")
    }

    @Test(
        "the bypass list covers what Chromium's would",
        arguments: [
            (".example.com", "a.example.com", 80, true), (".example.com", "example.com", 80, false),
            ("*.example.com", "a.b.example.com", 80, true), ("example.com", "example.com", 9, true),
            ("example.com:81", "example.com", 80, false), ("<local>", "intranet", 80, true),
            ("<local>", "a.b", 80, false), ("<local>", "::1", 80, false),
            ("*", "x.example", 1, true),
            ("10.0.0.0/8", "10.1.1.1", 80, true), ("10.0.0.0/8", "a.example", 80, false),
            ("a;b c", "b", 80, true), ("", "a", 80, false),
        ] as [(String, String, UInt16, Bool)])
    func bypass(list: String, host: String, port: UInt16, expected: Bool) throws {
        let target = try #require(EgressTarget(host: host, port: port))
        #expect(try BypassList(parsing: list).covers(target) == expected)
    }

    @Test("no way of printing a proxy shows its user or password")
    func redacted() throws {
        let proxy = try UpstreamProxy(url: "http://s3cretuser:s3cretpass@proxy.example:1")
        var dumped = ""
        dump(proxy, to: &dumped)
        var dumpedCredentials = ""
        dump(try #require(proxy.credentials), to: &dumpedCredentials)
        let printed = [
            "\(proxy)", String(reflecting: proxy), String(describing: proxy.credentials),
            String(reflecting: proxy.credentials), dumped, dumpedCredentials,
            "\([proxy])", "\(Mirror(reflecting: proxy).children.map { "\($0)" })",
        ]
        for text in printed {
            #expect(!text.contains("s3cret"))
            #expect(!text.contains("czNjcmV0"), "Base64 of it is no better")
        }
        #expect("\(proxy)" == "http://proxy.example:1 with credentials")
    }

    @Test(
        "Base64 gives the vectors of RFC 4648 section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
    }
}
