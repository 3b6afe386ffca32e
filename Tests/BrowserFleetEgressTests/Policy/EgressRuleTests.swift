// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetEgress

@Suite struct EgressRuleTests {
    @Test(
        "an entry of the allow-list is read and printed as it means",
        arguments: [
            ("example.com", "example.com"), ("Example.COM.", "example.com"),
            ("example.com:8080", "example.com:8080"), ("*.corp.example", "*.corp.example"),
            ("*.corp.example:443", "*.corp.example:443"), ("localhost:3000", "localhost:3000"),
            ("127.0.0.1", "127.0.0.1"), ("127.0.0.1:8000", "127.0.0.1:8000"),
            ("10.0.0.0/8", "10.0.0.0/8"), ("10.0.0.0/8:443", "10.0.0.0/8:443"),
            ("0.0.0.0/0", "0.0.0.0/0"), ("::1", "::1"), ("[::1]", "::1"),
            ("[::1]:8080", "[::1]:8080"), ("fd00::/8", "fd00::/8"),
            ("[fd00::/8]:443", "[fd00::/8]:443"), ("10.1.2.3/32", "10.1.2.3"),
            ("my_host", "my_host"), ("::ffff:10.0.0.1", "10.0.0.1"),
        ])
    func reads(entry: String, printed: String) throws {
        let rule = try EgressRule.parse(entry)
        #expect(rule.description == printed)
        #expect(try EgressRule.parse(rule.description) == rule)
    }

    @Test(
        "an entry that cannot be meant is refused with the way to mend it",
        arguments: [
            ("*", "0.0.0.0/0"), ("*:80", "0.0.0.0/0"), ("http://intranet", "without a scheme"),
            ("10.0.0.1/8", "write 10.0.0.0/8"), ("10.0.0.0/33", "0 to 32"),
            ("fd00::/129", "0 to 128"),
            ("10.0.0.0/", "prefix length"), ("10.0.0.0/+8", "prefix length"),
            ("host:0", "1 to 65535"), ("host:65536", "1 to 65535"), ("host:http", "1 to 65535"),
            ("host:", "1 to 65535"), ("2130706433", "four decimal"), ("0x7f.1", "four decimal"),
            ("127.1", "four decimal"), ("a.*.b", "at the front"), ("*foo.example", "at the front"),
            ("bücher.example", "punycode"), ("a..b", "no host name"), ("1::2::3", "no address"),
            ("[::1", "1 to 65535"), ("host/path", "no address"), ("10.0.0.0/8/9", "no address"),
        ])
    func refuses(entry: String, advice: String) {
        let error = #expect(throws: EgressRuleError.self) { try EgressRule.parse(entry) }
        #expect(error?.entry == entry)
        #expect(error?.advice.contains(advice) == true, "\(String(describing: error))")
    }

    @Test("a password in an entry is not repeated in the error")
    func hidesPassword() {
        let error = #expect(throws: EgressRuleError.self) {
            try EgressRule.parse("user:hunter2@host:80")
        }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("a list is separated by commas and white space")
    func lists() throws {
        let rules = try EgressRule.parse(list: " a.example, 10.0.0.0/8\n[::1]:80,, b.example ")
        #expect(rules.map(\.description) == ["a.example", "10.0.0.0/8", "[::1]:80", "b.example"])
        #expect(try EgressRule.parse(list: " ,").isEmpty)
    }
}
