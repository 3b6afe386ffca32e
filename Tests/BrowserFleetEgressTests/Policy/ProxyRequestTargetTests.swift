// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetEgress

@Suite struct ProxyRequestTargetTests {
    @Test(
        "an absolute URI gives its target and the path to ask for",
        arguments: [
            ("http://example.com/", "example.com:80", "/"),
            ("HTTP://Example.com", "example.com:80", "/"),
            ("http://example.com:8080/a/b?c=d#e", "example.com:8080", "/a/b?c=d"),
            ("http://example.com?x", "example.com:80", "/?x"),
            ("http://[::1]:81/x", "[::1]:81", "/x"), ("http://[fd00::2]", "[fd00::2]:80", "/"),
            ("http://h/@:/?", "h:80", "/@:/?"),
        ])
    func absolute(uri: String, authority: String, path: String) throws {
        guard
            case .exchange(let target, let found)? = ProxyRequestTarget(
                absolute: uri, isOptions: false)
        else { return #expect(Bool(false), "\(uri) was not read") }
        #expect(target.authority == authority)
        #expect(found == path)
    }

    @Test("OPTIONS without a path asks for the server itself")
    func options() throws {
        let target = try #require(EgressTarget(host: "example.com", port: 80))
        let read = ProxyRequestTarget(absolute: "http://example.com", isOptions: true)
        #expect(read == .exchange(target, path: "*"))
    }

    @Test(
        "what is not plain http to a host is refused",
        arguments: [
            "/", "*", "https://example.com/", "ftp://example.com/", "http:/example.com",
            "http://", "http:///x", "http://a@b/", "http://a:b@c/", "http://h:0/",
            "http://h:99999/",
            "http://h:/", "http://h:8 0/", "http://[::1/", "http://[h]/", "example.com:80",
            "ws://example.com/", "http://\\h/",
        ])
    func refusesAbsolute(uri: String) {
        #expect(ProxyRequestTarget(absolute: uri, isOptions: false) == nil)
    }

    @Test(
        "CONNECT names a host and a port and nothing else",
        arguments: [
            "example.com", "example.com:", "example.com:0", "example.com:65536", ":443", "[::1]",
            "::1:443", "example.com:443/", "a@b:443", "http://a:443", "example.com:+443", "",
        ])
    func refusesConnect(uri: String) {
        #expect(ProxyRequestTarget(connect: uri) == nil)
    }

    @Test("CONNECT reads names and both kinds of address")
    func connect() {
        for authority in ["example.com:443", "10.0.0.1:1", "[2001:db8::1]:65535"] {
            guard case .tunnel(let target)? = ProxyRequestTarget(connect: authority) else {
                Issue.record("\(authority) was not read")
                continue
            }
            #expect(target.authority == authority)
        }
    }
}
