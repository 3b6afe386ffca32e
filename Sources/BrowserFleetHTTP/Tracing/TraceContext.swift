// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where a call stands in its trace, as W3C Trace Context writes it
/// (https://www.w3.org/TR/trace-context-2/).
public struct TraceContext: Hashable, Sendable {
    /// The trace: 32 lower-case hexadecimal digits, not all of them zero.
    public let traceID: String
    /// The span that is the parent of what comes next: 16 such digits.
    public let spanID: String
    /// Whether the caller keeps what it measures of this trace.
    public let isSampled: Bool
    /// What other tracing systems want passed on, as it came; `nil` if there is nothing.
    public let state: String?

    /// The longest `tracestate` that is passed on, in bytes: the least that the recommendation
    /// wants everybody to carry.
    private static let longestState = 512

    /// Reads the two headers; `nil` if `traceparent` cannot be read. A `tracestate` that is too
    /// long is left out.
    ///
    /// - Parameters:
    ///   - traceparent: the value of `traceparent`.
    ///   - tracestate: the values of `tracestate`, joined by commas.
    public init?(traceparent: String, tracestate: String? = nil) {
        let bytes = Array(traceparent.utf8)
        guard bytes.count >= 55, Self.areDashes(bytes), Self.isHexadecimal(bytes[0..<2]) else {
            return nil
        }
        let version = String(decoding: bytes[0..<2], as: UTF8.self)
        // Later versions may be longer, but only behind a further dash.
        guard version != "ff", bytes.count == 55 || (version != "00" && bytes[55] == Self.dash)
        else { return nil }
        guard let trace = Self.identifier(bytes[3..<35]),
            let span = Self.identifier(bytes[36..<52]),
            Self.isHexadecimal(bytes[53..<55]),
            let flags = UInt8(String(decoding: bytes[53..<55], as: UTF8.self), radix: 16)
        else { return nil }
        traceID = trace
        spanID = span
        isSampled = flags & 1 == 1
        state = tracestate.flatMap {
            $0.isEmpty || $0.utf8.count > Self.longestState ? nil : $0
        }
    }

    private init(traceID: String, spanID: String, isSampled: Bool, state: String?) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// The first span of a new trace.
    ///
    /// - Parameters:
    ///   - isSampled: whether it will be kept.
    ///   - generator: gives the identifiers.
    /// - Returns: the trace's root.
    public static func root(
        isSampled: Bool, using generator: inout some RandomNumberGenerator
    ) -> TraceContext {
        let trace = digits(generator.next()) + digits(generator.next() | 1)
        return TraceContext(
            traceID: trace, spanID: digits(generator.next() | 1), isSampled: isSampled, state: nil)
    }

    /// A span below this one.
    public func child(using generator: inout some RandomNumberGenerator) -> TraceContext {
        TraceContext(
            traceID: traceID, spanID: Self.digits(generator.next() | 1), isSampled: isSampled,
            state: state)
    }

    /// The value of `traceparent` for whoever is called next.
    public var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    // MARK: Digits

    private static let dash = UInt8(ascii: "-")

    private static func areDashes(_ bytes: [UInt8]) -> Bool {
        [2, 35, 52].allSatisfy { bytes[$0] == dash }
    }

    private static func isHexadecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
    }

    private static func identifier(_ bytes: ArraySlice<UInt8>) -> String? {
        guard isHexadecimal(bytes), !bytes.allSatisfy({ $0 == UInt8(ascii: "0") }) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
