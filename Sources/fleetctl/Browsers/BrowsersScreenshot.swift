// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import BrowserFleetClient
import Foundation

/// `fleetctl browsers screenshot`.
struct BrowsersScreenshot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "screenshot", abstract: "Saves a picture of a page.")

    @OptionGroup var fleet: FleetOptions

    @Argument(help: "The browser's ID.")
    var id: String

    @Option(name: .customLong("page"), help: "Load this URL in a page of its own first.")
    var pageURL: String?

    @Option(help: "The page with this DevTools target ID.")
    var target: String?

    @Option(help: "png, jpeg or webp.")
    var format: ScreenshotOptions.Format = .png

    @Option(help: "1 to 100; not for png.")
    var quality: Int?

    @Flag(help: "The whole document instead of what is in view.")
    var fullPage = false

    @Option(name: [.customShort("f"), .customLong("file")], help: "Where to; - is stdout.")
    var file: String?

    func run() async throws {
        let page = pageURL.map(PageChoice.url) ?? target.map(PageChoice.target) ?? .current
        let options = ScreenshotOptions(
            page: page, format: format, quality: quality, fullPage: fullPage)
        let picture = try await fleet.client().screenshot(of: id, options).body
        guard file != "-" else { return FileHandle.standardOutput.write(picture) }
        let path = file ?? "\(id).\(format.rawValue)"
        do {
            try picture.write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(
                .failed, "\(path) cannot be written: \(error.localizedDescription)")
        }
        Data.toStandardOutput(path + "\n")
        Talk.say("\(picture.count) bytes")
    }
}

extension ScreenshotOptions.Format: ExpressibleByArgument {}
