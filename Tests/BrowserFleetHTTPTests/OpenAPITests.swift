// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import Testing

@testable import BrowserFleetHTTP

@Suite("openapi.json says what the server does")
struct OpenAPITests {
    private static func document(_ rig: FleetRig) async throws -> JSONTree {
        let answer = try await rig.call("GET", "/openapi.json")
        return try JSONParser.parse(Array(answer.body.utf8))
    }

    /// Checks a value against the part of JSON Schema that the document uses.
    private static func faults(
        _ value: JSONTree, _ schema: JSONTree, _ root: JSONTree, at path: String = "$"
    ) -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = root["components"]?["schemas"]?[name] else {
                return ["\(path): no \(reference)"]
            }
            return faults(value, target, root, at: path)
        }
        switch (schema["type"]?.string, value) {
        case ("string", .string(let text)):
            guard case .array(let words)? = schema["enum"] else { return [] }
            return words.contains(.string(text)) ? [] : ["\(path): \(text) is not listed"]
        case ("integer", .integer), ("number", .integer), ("number", .number),
            ("boolean", .boolean), (nil, .boolean):
            return []
        case ("array", .array(let elements)):
            return elements.flatMap { faults($0, schema["items"] ?? .null, root, at: path + "[]") }
        case ("object", .object(let members)):
            return objectFaults(members, schema, root, at: path)
        default: return ["\(path): \(value.kindName) is not \(schema.text)"]
        }
    }

    private static func objectFaults(
        _ members: [JSONMember], _ schema: JSONTree, _ root: JSONTree, at path: String
    ) -> [String] {
        let required = schema["required"]?.strings ?? []
        let missing = required.filter { name in !members.contains { $0.name == name } }
        return missing.map { "\(path): no \($0)" }
            + members.flatMap { member -> [String] in
                let inner = "\(path).\(member.name)"
                if let known = schema["properties"]?[member.name] {
                    return faults(member.value, known, root, at: inner)
                }
                guard let other = schema["additionalProperties"], other != .boolean(false) else {
                    return ["\(inner): is not declared"]
                }
                return faults(member.value, other, root, at: inner)
            }
    }

    @Test("every JSON answer fits its schema")
    func answers() async throws {
        try await FleetRig.with { rig in
            let document = try await Self.document(rig)
            let made = try await rig.create(#"{"metadata":{"a":"b"}}"#)
            let rows = [
                ("get", "/browsers", "/browsers", ""),
                ("get", "/browsers/{id}", "/browsers/ID", ""),
                ("post", "/browsers", "/browsers", "{}"),
                ("post", "/browsers/{id}/tokens", "/browsers/ID/tokens", "{}"),
                ("get", "/health", "/health", ""), ("get", "/api/health", "/api/health", ""),
                ("get", "/api/stats", "/api/stats", ""), ("get", "/limits", "/limits", ""),
                ("delete", "/browsers/{id}", "/browsers/ID", ""),
                ("get", "/browsers/{id}", "/browsers/ID", ""),
                ("get", "/browsers", "/browsers?status=ended", ""),
            ]
            for (method, template, path, body) in rows {
                let answer = try await rig.call(
                    method.uppercased(), path.replacing("ID", with: made.id), key: rig.admin,
                    body: body.isEmpty ? nil : body)
                let responses = document["paths"]?[template]?[method]?["responses"]
                var response = try #require(responses?["\(answer.status)"])
                if response["$ref"] != nil {
                    response = try #require(document["components"]?["responses"]?["Problem"])
                }
                let type = try #require(answer["content-type"])
                let schema = try #require(response["content"]?[type]?["schema"])
                let value = try JSONParser.parse(Array(answer.body.utf8))
                #expect(Self.faults(value, schema, document) == [], "\(method) \(path)")
            }
        }
    }

    @Test("every documented operation exists and every path is documented")
    func paths() async throws {
        try await FleetRig.with { rig in
            let document = try await Self.document(rig)
            guard case .object(let paths)? = document["paths"] else {
                Issue.record("no paths")
                return
            }
            for path in paths {
                guard case .object(let operations) = path.value else { continue }
                for operation in operations {
                    let target = path.name.replacing("{id}", with: "localhost_1")
                    let answer = try await rig.call(
                        operation.name.uppercased(), target, key: rig.admin)
                    #expect(answer.status != 405, "\(operation.name) \(path.name)")
                    if answer.status == 404 {
                        #expect(try answer.problem().code == .unknownBrowser)
                    }
                }
            }
            let post = document["paths"]?["/browsers"]?["post"]
            let body = post?["requestBody"]?["content"]?["application/json"]?["schema"]
            let args = body?["properties"]?["args"]?["description"]?.string
            #expect(args?.hasSuffix("Allowed: --mute-audio.") == true)
            #expect(document["openapi"]?.string == "3.1.0")
            #expect(paths.count == 18)
        }
    }
}
