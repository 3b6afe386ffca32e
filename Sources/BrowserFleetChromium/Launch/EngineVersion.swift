// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime

/// What `--version` answers.
struct EngineVersion: Sendable, Equatable, CustomStringConvertible {
    /// The oldest major version whose DevTools protocol the bridge was written for.
    static let oldest = 120

    /// Such as `Chromium`.
    var product: String
    /// Such as `156.0.8078.79`.
    var number: String
    /// When the program file was written, in milliseconds since 1970; packages keep the time of
    /// their build.
    var builtAt: Int64?

    /// The number before the first dot.
    var major: Int { number.split(separator: ".").first.flatMap { Int($0) } ?? 0 }

    var description: String { "\(product) \(number)" }

    /// Reads the first line that has a dotted number in it: `Chromium 156.0.8078.79 built on …`.
    init?(output: String) {
        for line in output.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(where: Self.isVersion), index > 0 else { continue }
            product = words[..<index].joined(separator: " ")
            number = String(words[index])
            return
        }
        return nil
    }

    /// - Throws: ``LaunchError`` with code `engine-too-old`.
    func check() throws(LaunchError) {
        guard major < Self.oldest else { return }
        throw LaunchError(
            .engineTooOld, "\(self) is too old; \(Self.oldest) is the oldest that works.",
            remedy: "Run: apt-get update && apt-get install --only-upgrade chromium")
    }

    private static func isVersion(_ word: Substring) -> Bool {
        let numbers = word.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count >= 3 && numbers.allSatisfy { Int($0) != nil }
    }

    /// Asks the program, as the user that browsers run as.
    static func ask(
        _ executable: String, identity: ProcessIdentity?
    ) async throws(LaunchError) -> EngineVersion {
        let output = try await ProgramOutput.of(
            executable, ["--version"], identity: identity, timeout: .seconds(10))
        guard var version = EngineVersion(output: output.text) else {
            throw LaunchError(
                .exitedEarly,
                "\(executable) --version ended with \(output.status) and said: "
                    + "\(Printable.quote(output.text)).",
                remedy: "Run it by hand; a library may be missing (fleetctl doctor tells more).")
        }
        version.builtAt = SystemPaths.modified(executable)
        return version
    }
}
