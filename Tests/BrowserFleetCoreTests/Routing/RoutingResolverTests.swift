// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("The route of a browser ID")
struct RoutingResolverTests {
    static func name(_ text: String) throws -> ServerName { try ServerName(text) }

    static func endpoint(_ host: String) -> ServerEndpoint {
        ServerEndpoint(scheme: .http, host: host, port: 3000)
    }

    /// The fleet of the published guide, seen from its first server.
    static func fleet() throws -> RoutingResolver<ServerTable> {
        var table = ServerTable()
        table[try name("server2.scrapingdog.com")] = endpoint("192.168.1.11")
        table[try name("server3.scrapingdog.com")] = endpoint("192.168.1.12")
        return RoutingResolver(local: try name("server1.scrapingdog.com"), directory: table)
    }

    @Test(
        "leads to the server that the ID names",
        arguments: [
            ("server1-scrapingdog-com_111", Route.local(by: .ownName)),
            ("server2-scrapingdog-com_222", .remote(endpoint("192.168.1.11"), by: .directory)),
            ("server3-scrapingdog-com_333", .remote(endpoint("192.168.1.12"), by: .directory)),
        ])
    func knownServers(id: String, route: Route) throws {
        #expect(try Self.fleet().resolve(BrowserID(decoding: id)) == route)
    }

    @Test(
        "ends when the ID names a stranger, whatever host that may be",
        arguments: [
            "evil-example-net_1", "localhost_1", "169-254-169-254_1", "127-0-0-1_1",
            "server4-scrapingdog-com_1", "server2--scrapingdog-com_1",
        ])
    func strangers(id: String) throws {
        var resolver = try Self.fleet()
        resolver.fallback = try Self.name("server2.scrapingdog.com")
        let browser = try BrowserID(decoding: id)
        let server = try #require(browser.server)
        #expect(resolver.resolve(browser) == .unknown(.serverNotKnown(server)))
    }

    @Test(
        "is derived for servers below an allowed domain, with the operator's port",
        arguments: [
            ("server9-scrapingdog-com_1", "server9.scrapingdog.com"),
            ("node--9-eu-scrapingdog-com_1", "node-9.eu.scrapingdog.com"),
            ("scrapingdog-com_1", nil), ("evil--scrapingdog-com_1", nil),
            ("evilscrapingdog-com_1", nil), ("scrapingdog-com-evil-net_1", nil),
        ])
    func derived(id: String, host: String?) throws {
        var resolver = try Self.fleet()
        let domain = try Self.name("scrapingdog.com")
        resolver.suffixes = [DomainSuffix(domain, scheme: .https, port: 8443)]
        let browser = try BrowserID(decoding: id)
        let expected = host.map { host in
            Route.remote(ServerEndpoint(scheme: .https, host: host, port: 8443), by: .domainSuffix)
        }
        let server = try #require(browser.server)
        #expect(resolver.resolve(browser) == expected ?? .unknown(.serverNotKnown(server)))
    }

    @Test("asks the directory before an allowed domain")
    func order() throws {
        var resolver = try Self.fleet()
        resolver.suffixes = [DomainSuffix(try Self.name("scrapingdog.com"))]
        let id = try BrowserID(decoding: "server2-scrapingdog-com_1")
        #expect(resolver.resolve(id) == .remote(Self.endpoint("192.168.1.11"), by: .directory))
    }

    @Test("of an ID without a server leads to the fallback server")
    func fallback() throws {
        let id = try BrowserID(decoding: "a1b2c3d4-e5f6-4789-a012-3456789abcde")
        var resolver = try Self.fleet()
        #expect(resolver.resolve(id) == .unknown(.noServerInID))

        resolver.fallback = resolver.local
        #expect(resolver.resolve(id) == .local(by: .fallback))

        resolver.fallback = try Self.name("server2.scrapingdog.com")
        #expect(resolver.resolve(id) == .remote(Self.endpoint("192.168.1.11"), by: .fallback))

        let browser = try Self.name("browser.scrapingdog.com")
        resolver.fallback = browser
        #expect(resolver.resolve(id) == .unknown(.fallbackNotKnown(browser)))

        resolver.suffixes = [DomainSuffix(try Self.name("scrapingdog.com"))]
        let derived = ServerEndpoint(scheme: .https, host: "browser.scrapingdog.com", port: 443)
        #expect(resolver.resolve(id) == .remote(derived, by: .fallback))
        #expect(derived.description == "https://browser.scrapingdog.com")
    }

    @Test("on a single server is always its own")
    func singleServer() throws {
        let resolver = RoutingResolver.singleServer(try Self.name("browser.scrapingdog.com"))
        let named = try BrowserID(decoding: "browser-scrapingdog-com_abc123")
        #expect(resolver.resolve(named) == .local(by: .ownName))
        #expect(try resolver.resolve(BrowserID(decoding: "abc123")) == .local(by: .fallback))
    }

    @Test("from a gateway without browsers of its own is never local")
    func pureGateway() throws {
        var resolver = try Self.fleet()
        resolver.local = nil
        let server = try Self.name("server1.scrapingdog.com")
        let id = try BrowserID(decoding: "server1-scrapingdog-com_1")
        #expect(resolver.resolve(id) == .unknown(.serverNotKnown(server)))
        #expect(try resolver.resolve(BrowserID(decoding: "1")) == .unknown(.noServerInID))
    }

    @Test("that does not exist is explained, with the setting that makes one")
    func reasons() throws {
        let server = try Self.name("a.b")
        #expect(Route.Reason.noServerInID.description.contains("FALLBACK_SERVER"))
        #expect(Route.Reason.fallbackNotKnown(server).description.contains("FALLBACK_SERVER"))
        #expect(Route.Reason.serverNotKnown(server).description.contains("\"a.b\""))
    }
}

@Suite("A table of servers")
struct ServerTableTests {
    @Test("forgets a server that is set to nothing, and lists the others in order")
    func table() throws {
        var table = ServerTable()
        for text in ["c", "a", "b"] {
            table[try ServerName(text)] = ServerEndpoint(scheme: .http, host: text, port: 80)
        }
        table[try ServerName("b")] = nil
        #expect(table.servers.map(\.text) == ["a", "c"])
        #expect(try table.endpoint(of: ServerName("a"))?.host == "a")
        #expect(try table.endpoint(of: ServerName("b")) == nil)
    }

    @Test(
        "holds endpoints that are written as the beginning of a URL",
        arguments: [
            (ServerEndpoint(scheme: .http, host: "a", port: 80), "http://a"),
            (ServerEndpoint(scheme: .http, host: "a", port: 443), "http://a:443"),
            (ServerEndpoint(scheme: .https, host: "a.b", port: 443), "https://a.b"),
            (ServerEndpoint(scheme: .https, host: "::1", port: 8443), "https://[::1]:8443"),
        ])
    func text(endpoint: ServerEndpoint, text: String) {
        #expect(endpoint.description == text)
    }
}
