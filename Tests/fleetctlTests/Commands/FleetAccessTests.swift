// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import fleetctl

/// Which fleet a command talks to, and with which key.
struct FleetAccessTests {
    private func find(
        option: String? = nil, environment: [String: String] = [:], files: [String: String] = [:]
    ) throws -> FleetAccess {
        try FleetAccess.find(
            option: option, environment: environment,
            files: FleetAccessFiles(configuration: "/config", local: "/local") { files[$0] })
    }

    private let local = [
        "/local": "url: http://127.0.0.1:4000\napi-key-file: /key\n", "/key": "k\n",
    ]

    @Test("without a word from anybody it is the standard port, without a key")
    func standard() throws {
        let access = try find()
        #expect(access.url.absoluteString == FleetAccess.standardURL)
        #expect(access.apiKey == nil)
    }

    @Test("the server on this machine is found with its key")
    func localServer() throws {
        let access = try find(files: local)
        #expect(access.url.absoluteString == "http://127.0.0.1:4000")
        #expect(access.apiKey == "k")
    }

    @Test("a key goes only to the address it stands beside")
    func keyStaysHome() throws {
        #expect(try find(option: "http://elsewhere:4000", files: local).apiKey == nil)
        #expect(try find(environment: ["FLEET_URL": "http://a"], files: local).apiKey == nil)
        #expect(try find(option: "http://localhost:4000/", files: local).apiKey == "k")
    }

    @Test("an option beats the environment, which beats the user's file, which beats the server's")
    func order() throws {
        let files = local.merging(["/config": "url: http://c\napi-key: ck\n"]) { $1 }
        #expect(try find(files: files).url.absoluteString == "http://c")
        #expect(try find(files: files).apiKey == "ck")
        let environment = ["FLEET_URL": "http://e", "FLEET_API_KEY": "ek"]
        #expect(try find(environment: environment, files: files).url.absoluteString == "http://e")
        #expect(try find(option: "http://o", environment: environment, files: files).apiKey == "ek")
    }

    @Test("a key can come from a file", arguments: [("/key", "k"), ("/none", nil)])
    func keyFile(_ path: String, _ key: String?) {
        let access = try? find(environment: ["FLEET_API_KEY_FILE": path], files: local)
        #expect(access?.apiKey == key)
    }

    @Test("what is no URL is refused", arguments: ["fleet", "ftp://a", "http://"])
    func badURL(_ text: String) {
        let failure = #expect(throws: CommandFailure.self) { try find(option: text) }
        #expect(failure?.status == .usage)
    }
}
