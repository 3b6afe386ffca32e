// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import HTTPTypes

/// The ID of one call: what joins an answer, its problem body and every log line about it.
struct CallIdentity: Hashable, Sendable {
    /// 1 to 128 letters, digits, `-`, `.` and `_`.
    let text: String

    /// A new one.
    init() { self.init(offered: nil) }

    /// The client's own `X-Request-Id` if it is sane, else a new one.
    init(_ headers: HTTPFields) { self.init(offered: headers[.requestID]) }

    /// The `offered` ID if it is sane, else a new one.
    init(offered: String?) {
        if let offered, Self.isSane(offered) {
            text = offered
        } else {
            // Foundation's would open and read a file for each.
            var generator = SystemRandomNumberGenerator()
            text = "\(UUIDv4(using: &generator))"
        }
    }

    private static func isSane(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// What a problem is named by: the path that was asked, and this call as its fragment.
    func instance(path: some StringProtocol) -> String {
        "\(path.prefix { $0 != "?" && $0 != "#" }.prefix(512))#\(text)"
    }
}

extension HTTPField.Name {
    /// `X-Request-Id`.
    static let requestID = Self.known("x-request-id")
    /// `traceresponse`: the span that answered.
    static let traceResponse = Self.known("traceresponse")

    private static func known(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("\(name) is a token") }
        return name
    }
}
