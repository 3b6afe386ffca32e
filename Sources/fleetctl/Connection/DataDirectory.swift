// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetChromium
import BrowserFleetHTTP
import Foundation

/// The folder of one server: its keys, its secrets and how to reach it.
struct DataDirectory: Equatable, Sendable {
    /// An absolute path.
    let path: String

    /// `DATA_DIR`, or the folder for this user's data.
    init(named path: String?) {
        if let path, !path.isEmpty {
            self.path = URL(fileURLWithPath: path).path
        } else {
            self.path = ChromiumConfiguration.userDataDirectory
        }
    }

    /// The hashed keys, unless `API_KEYS_FILE` says otherwise.
    var keysFile: String { path + "/keys.json" }

    /// The key that a first start made, for the tools on this machine.
    var localKeyFile: String { path + "/local-key" }

    /// What the tokens in `wss` URLs are signed with.
    var tokenSecretFile: String { path + "/token-secret" }

    /// Where the running server answers.
    var addressFile: String { path + "/server.yaml" }

    /// A generated server ID.
    var serverIDFile: String { path + "/server-id" }

    /// The server ID that an earlier start made up.
    var keptServerID: String? {
        FileManager.default.contents(atPath: serverIDFile)
            .map { String(decoding: $0, as: UTF8.self).trimmingSpaces }
    }

    /// The number under which this server last had its name.
    var epochFile: String { path + "/epoch" }

    /// That number, if an earlier start left one.
    var keptEpoch: Int64? {
        FileManager.default.contents(atPath: epochFile)
            .flatMap { Int64(String(decoding: $0, as: UTF8.self).trimmingSpaces) }
    }

    /// Keeps a server ID for the next start.
    func keepServerID(_ id: String) throws(CommandFailure) {
        guard id != keptServerID else { return }
        try write(id + "\n", to: serverIDFile)
    }

    /// Makes the folder: for its owner only, but when started as root others may pass through it,
    /// because browsers without a jail keep their profiles below it as another user.
    ///
    /// - Throws: a failure that names the folder.
    func make() throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: geteuid() == 0 ? 0o711 : 0o700])
        } catch {
            throw unusable("cannot be made", Self.reason(error))
        }
    }

    /// The system's own word for why something of Foundation failed.
    private static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError
        return cause.map { unsafe String(cString: strerror($0.code.rawValue)) }
            ?? error.localizedDescription
    }

    /// Replaces a file of the folder in one step; nobody else can read it.
    func write(_ text: String, to file: String) throws(CommandFailure) {
        do throws(KeyRingError) {
            try PrivateFile.replace(file, with: Array(text.utf8))
        } catch {
            throw unusable("cannot be written", error.message)
        }
    }

    private func unusable(_ what: String, _ reason: String) -> CommandFailure {
        CommandFailure(
            .failed, "the folder \(path) of DATA_DIR \(what): \(reason)",
            next: "DATA_DIR=… fleetctl serve, with a folder that can be written (df -h \(path))")
    }
}
