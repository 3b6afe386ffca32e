// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Foundation

/// Records and log entries as JSON texts.
///
/// A field that is added later has to be optional: servers of two versions share a store while a
/// fleet is updated.
enum RecordCoding {
    static func key(_ key: RecordKey) -> EngineKey {
        EngineKey(kind: key.kind.rawValue, name: key.text)
    }

    static func record(_ record: StoredRecord, version: Int64) throws(StoreError) -> EngineRecord {
        let body =
            switch record {
            case .server(let value): try text(value)
            case .name(let value): try text(value)
            case .assignment(let value): try text(value)
            }
        return EngineRecord(
            key: key(record.key), version: version, group: record.group, body: body)
    }

    static func stored(_ record: EngineRecord) throws(StoreError) -> StoredRecord {
        switch RecordKey.Kind(rawValue: record.key.kind) {
        case .server: .server(try value(record.body))
        case .name: .name(try value(record.body))
        case .assignment: .assignment(try value(record.body))
        case nil: throw StoreError(.unreadable, "no kind of record is called \(record.key.kind)")
        }
    }

    static func text(_ value: some Encodable) throws(StoreError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw StoreError(.unusable, "a record cannot be written as JSON: \(error)")
        }
    }

    static func value<Value: Decodable>(_ text: String) throws(StoreError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw StoreError(
                .unreadable,
                "a \(Value.self) in the store cannot be read, maybe of a later version: \(error)")
        }
    }
}
