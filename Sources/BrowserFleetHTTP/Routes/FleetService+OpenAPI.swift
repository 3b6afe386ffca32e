// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetDevTools
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore
import NIOCore

extension FleetService {
    /// `GET /openapi.json`.
    func describeAll(_ call: Call) async throws(Problem) -> Response {
        .bytes(ByteBuffer(string: openAPI.text), contentType: JSONBody.contentType)
    }

    /// The description of everything that is served, as OpenAPI 3.1.
    var openAPI: JSONTree {
        var paths: [JSONMember] = []
        for endpoint in routes where endpoint.access != .fleet {
            let operation = JSONMember(
                endpoint.method.rawValue.lowercased(),
                OpenAPIText.operation(endpoint, switches: pool.launcher.engine.switches))
            if let index = paths.firstIndex(where: { $0.name == endpoint.path.text }),
                case .object(let operations) = paths[index].value
            {
                paths[index].value = .object(operations + [operation])
            } else {
                paths.append(JSONMember(endpoint.path.text, .object([operation])))
            }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "BrowserFleet", "version": .string(configuration.version),
                "description": "Real browsers over REST and CDP. WebSockets: see Docs/HTTPAPI.md.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths),
            "components": OpenAPIText.components,
        ]
    }
}

/// The parts of `openapi.json`.
enum OpenAPIText {
    /// One operation; where it takes `args`, they are described by the engine's switches.
    static func operation<Launcher>(
        _ endpoint: Endpoint<Launcher>, switches: [String]
    ) -> JSONTree {
        var members = [
            JSONMember("summary", .string(endpoint.summary)),
            JSONMember("operationId", .string(operationID(endpoint))),
        ]
        let parameters = parameters(endpoint)
        if !parameters.isEmpty { members.append(JSONMember("parameters", .array(parameters))) }
        if var body = endpoint.body {
            for index in body.rules.indices where body.rules[index].name == "args" {
                body.rules[index].summary += " Allowed: \(switches.joined(separator: ", "))."
            }
            members.append(
                JSONMember(
                    "requestBody",
                    ["content": ["application/json": ["schema": body.schema]]]))
        }
        members.append(JSONMember("responses", .object(responses(endpoint))))
        members.append(JSONMember("security", security(endpoint.access)))
        return .object(members)
    }

    private static func operationID<Launcher>(_ endpoint: Endpoint<Launcher>) -> String {
        let words = endpoint.path.segments.map { segment in
            switch segment {
            case .literal(let word): word.split(separator: ".").joined(separator: "_")
            case .value(let name): "by_\(name)"
            }
        }
        return ([endpoint.method.rawValue.lowercased()] + words).joined(separator: "_")
    }

    private static func parameters<Launcher>(_ endpoint: Endpoint<Launcher>) -> [JSONTree] {
        let inPath = endpoint.path.names.map { name -> JSONTree in
            [
                "name": .string(name), "in": "path", "required": true,
                "schema": ["type": "string", "pattern": .string(pattern(ofPathValue: name))],
            ]
        }
        let inQuery = endpoint.query.rules.map { rule -> JSONTree in
            var members = [
                JSONMember("name", .string(rule.name)), JSONMember("in", "query"),
                JSONMember("description", .string(rule.summary)),
                JSONMember("required", .boolean(rule.isRequired)),
                JSONMember("schema", rule.kind.schema),
            ]
            if case .map = rule.kind {
                members.append(JSONMember("style", "deepObject"))
                members.append(JSONMember("explode", true))
            }
            return .object(members)
        }
        return inPath + inQuery
    }

    private static func pattern(ofPathValue name: String) -> String {
        name == "server" ? "^[A-Za-z0-9_.-]{1,253}$" : "^[a-z0-9-]+_[A-Za-z0-9-]{1,64}$"
    }

    private static func responses<Launcher>(_ endpoint: Endpoint<Launcher>) -> [JSONMember] {
        var responses: [JSONMember] = endpoint.answers.map { answer in
            var members = [JSONMember("description", .string(answer.summary))]
            if let schema = answer.schema {
                let content = answer.contentTypes.map { JSONMember($0, ["schema": schema]) }
                members.append(JSONMember("content", .object(content)))
            }
            return JSONMember("\(answer.status)", .object(members))
        }
        let taken = Set(endpoint.answers.map(\.status))
        for status in problemStatuses(endpoint).subtracting(taken).sorted() {
            responses.append(
                JSONMember("\(status)", ["$ref": "#/components/responses/Problem"]))
        }
        responses.append(JSONMember("default", ["$ref": "#/components/responses/Problem"]))
        return responses
    }

    private static func problemStatuses<Launcher>(_ endpoint: Endpoint<Launcher>) -> Set<Int> {
        var codes = endpoint.problems
        codes.append(.malformedRequest)
        if endpoint.access != .everybody {
            codes += [.unauthenticated, .forbidden, .hostNotAllowed, .rateLimited]
        }
        if endpoint.body != nil { codes += [.bodyTooLarge, .unsupportedMediaType] }
        return Set(codes.map(\.status))
    }

    private static func security(_ access: EndpointAccess) -> JSONTree {
        let keys: [JSONTree] = [["apiKey": []], ["bearer": []]]
        return switch access {
        case .everybody, .fleet: .array([])
        case .anyKey, .key: .array(keys)
        case .keyOrToken: .array(keys + [["token": []]])
        }
    }

    /// Schemas, answers and ways to say who one is.
    static var components: JSONTree {
        [
            "schemas": .object(AnswerSchemas.all),
            "responses": [
                "Problem": [
                    "description": "What is wrong, and how to mend it (RFC 9457).",
                    "content": [
                        "application/problem+json": [
                            "schema": ["$ref": "#/components/schemas/Problem"]
                        ]
                    ],
                ]
            ],
            "securitySchemes": [
                "apiKey": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
                "bearer": ["type": "http", "scheme": "bearer"],
                "token": ["type": "apiKey", "in": "query", "name": "token"],
            ],
        ]
    }
}
