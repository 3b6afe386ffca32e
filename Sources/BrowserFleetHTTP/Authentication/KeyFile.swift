// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The keys file: JSON, readable by its owner only.
struct KeyFile: Codable {
    /// One key. Limits that are absent are no limits.
    struct Entry: Codable {
        var id: String
        var name: String
        var hash: String
        var scopes: [KeyScope]
        var maxBrowsers: Int?
        var createsPerMinute: Int?
        var maxPriority: RequestPriority?
        var createdAt: Timestamp
    }

    var keys: [Entry]

    /// Reads the keys; an absent file has none.
    static func load(_ path: String) throws(KeyRingError) -> [APIKey] {
        guard let data = try PrivateFile.contents(of: path) else { return [] }
        do {
            return try JSONDecoder().decode(KeyFile.self, from: Data(data)).keys.map(\.key)
        } catch {
            throw KeyRingError(
                .unreadable, "The keys file \(path) cannot be read: \(Self.describe(error)).")
        }
    }

    /// Writes the keys, replacing the file in one step.
    static func save(_ keys: [APIKey], to path: String) throws(KeyRingError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let file = KeyFile(keys: keys.map(Entry.init))
        guard let data = try? encoder.encode(file) else {
            throw KeyRingError(.unwritable, "The keys cannot be written as JSON.")
        }
        try PrivateFile.replace(path, with: Array(data))
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case DecodingError.dataCorrupted(let context): context.debugDescription
        case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")): "
                + context.debugDescription
        default: "\(error)"
        }
    }
}

extension KeyFile.Entry {
    init(_ key: APIKey) {
        id = key.id
        name = key.name
        hash = key.hash
        scopes = KeyScope.allCases.filter(key.scopes.contains)
        maxBrowsers = key.limits.concurrentBrowsers
        createsPerMinute = key.limits.createsPerMinute
        maxPriority = key.limits.priorityCap.map(RequestPriority.init)
        createdAt = key.createdAt
    }

    var key: APIKey {
        APIKey(
            id: id, name: name, hash: hash, scopes: Set(scopes),
            limits: KeyLimits(
                concurrentBrowsers: maxBrowsers, createsPerMinute: createsPerMinute,
                priorityCap: maxPriority.map(PriorityClass.init)),
            createdAt: createdAt)
    }
}

extension RequestPriority {
    /// The wire's word for a class of service.
    init(_ priority: PriorityClass) {
        self =
            switch priority {
            case .low: .low
            case .normal: .normal
            case .high: .high
            }
    }
}

extension PriorityClass {
    /// The class of service for the wire's word.
    init(_ priority: RequestPriority) {
        self =
            switch priority {
            case .low: .low
            case .normal: .normal
            case .high: .high
            }
    }
}
