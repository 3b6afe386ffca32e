// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where a server takes its ``ServerID`` from, in the order in which the sources are asked.
public enum ServerIDSource: String, Hashable, Sendable, CaseIterable {
    /// The setting `SERVER_ID`: the operator's own word, so a fault in it is an error.
    case serverID = "SERVER_ID"
    /// The setting `DOMAIN`, if it is set.
    case domain = "DOMAIN"
    /// The outside name that Railway gives a service.
    case railwayStaticURL = "RAILWAY_STATIC_URL"
    /// The name of a service on Railway.
    case railwayServiceName = "RAILWAY_SERVICE_NAME"
    /// The name of the host.
    case hostname = "HOSTNAME"
    /// None of them: made up as `server-{timestamp}-{random}`.
    ///
    /// Such an ID has to be kept by the caller and given again at the next start, or the server
    /// is a stranger after each.
    case generated
}

/// Which ``ServerID`` a server has, who said so, and who was not believed.
public struct ServerIDResolution: Hashable, Sendable {
    /// The ID.
    public let id: ServerID

    /// The source that it came from.
    public let source: ServerIDSource

    /// The sources that were set before it and gave no valid ID, in the order they were asked.
    public let skipped: [Skipped]

    /// A source that was set to something that is not a ``ServerID``.
    public struct Skipped: Hashable, Sendable, CustomStringConvertible {
        /// The source.
        public let source: ServerIDSource

        /// What is wrong with its value.
        public let error: ServerIDError

        /// A note for the operator, in one line.
        public var description: String {
            "\(source.rawValue) was not used as the server ID: \(error)"
        }
    }
}

extension ServerIDSource {
    /// Finds the ID of a server.
    ///
    /// A source that is unset or empty is passed over in silence. A set but invalid one is passed
    /// over with a note, except `SERVER_ID`, which was meant for this and so must be right.
    ///
    /// - Parameters:
    ///   - timestamp: milliseconds since 1970, for an ID that has to be made up.
    ///   - generator: the source of its random end.
    ///   - environment: the value of a variable, or `nil` if it is not set. Shells often keep
    ///     `HOSTNAME` to themselves, so the caller may answer it from the system.
    /// - Returns: the ID, its source, and a note on each source that was set and could not be used.
    /// - Throws: ``ServerIDError`` if `SERVER_ID` is set and invalid.
    public static func resolve(
        timestamp: Int64,
        using generator: inout some RandomNumberGenerator,
        environment: (String) -> String?
    ) throws(ServerIDError) -> ServerIDResolution {
        var skipped: [ServerIDResolution.Skipped] = []
        for source in allCases where source != .generated {
            guard let value = environment(source.rawValue), !value.isEmpty else { continue }
            do throws(ServerIDError) {
                let id = try ServerID(value)
                return ServerIDResolution(id: id, source: source, skipped: skipped)
            } catch {
                guard source != .serverID else { throw error }
                skipped.append(.init(source: source, error: error))
            }
        }
        let id = try ServerID("server-\(timestamp)-\(randomEnd(using: &generator))")
        return ServerIDResolution(id: id, source: .generated, skipped: skipped)
    }

    // Nine digits of base 36 are 46 bits, as the services this form comes from use.
    private static func randomEnd(using generator: inout some RandomNumberGenerator) -> String {
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        return String((0..<9).map { _ in digits[Int(generator.next(upperBound: UInt(36)))] })
    }
}
