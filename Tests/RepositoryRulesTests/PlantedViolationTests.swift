// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The checkers, held against files that break the rules: a check that cannot fail is none.
struct PlantedViolationTests {
    private static let header = """
        // Copyright (c) 2026 the BrowserFleet authors
        // \(LicenceRule.mark)

        """

    private func file(_ path: String, _ text: String) -> SourceFile {
        SourceFile(path: path, text: Self.header + text)
    }

    @Test(
        "an import that the table does not allow is found",
        arguments: [
            ("BrowserFleetCore", "import Foundation"),
            ("BrowserFleetCore", "public import struct Foundation.Date"),
            ("BrowserFleetCDP", "@preconcurrency import NIOCore"),
            ("BrowserFleetEgress", "package import BrowserFleetChromium"),
            ("BrowserFleetHTTP", "import BrowserFleetChromium"),
            ("BrowserFleetChromium", "import BrowserFleetHTTP"),
            ("BrowserFleetElsewhere", "struct A {}"),
        ])
    func importIsFound(_ target: String, _ text: String) {
        let planted = file("Sources/\(target)/A.swift", text)
        #expect(ImportRule().violations(in: planted).count == 1)
    }

    @Test("imports that the table allows, and words that look like imports, are not found")
    func allowedImportsAreNot() {
        let text = """
            import BrowserFleetCore
            // import Foundation
            let text = "import Foundation"
            /* import NIOCore */
            """
        #expect(ImportRule().violations(in: file("Sources/BrowserFleetCDP/A.swift", text)) == [])
        #expect(ImportRule().violations(in: file("Tests/XTests/A.swift", "import NIO")) == [])
    }

    @Test(
        "an impure call in pure code is found",
        arguments: [
            "func a() async {}", "let a = await b()", "Task { }", "actor A {}",
            "let m = Mutex(0)", "Int.random(in: 0..<3)", "Int.random(\n in: 0..<3)",
            "list.randomElement()", "list.shuffled()", "list.shuffle()",
            "SystemRandomNumberGenerator()", "ContinuousClock.now", "SuspendingClock()",
            "Date()", "UUID()", "a.hashValue", "print(a)", "\"\\(Date())\"",
        ])
    func impureCallIsFound(_ text: String) {
        let planted = file("Sources/BrowserFleetCore/A.swift", text)
        #expect(PurityRule().violations(in: planted).count == 1)
        let elsewhere = file("Sources/BrowserFleetRuntime/A.swift", text)
        #expect(PurityRule().violations(in: elsewhere) == [])
    }

    @Test(
        "what only looks impure is not found",
        arguments: [
            "Int.random(in: 0..<3, using: &generator)",
            "Int.random(\n    in: 0..<3,\n    using: &generator)",
            "list.shuffled(using: &generator)", "UUIDv4(using: &generator)",
            "/// Call await on it.", "let text = \"Date()\"", "isAsync = true",
            "/* Task /* nested */ actor */", "let raw = #\"print(\"a\")\"#",
        ])
    func pureCallIsNot(_ text: String) {
        #expect(PurityRule().violations(in: file("Sources/BrowserFleetCore/A.swift", text)) == [])
    }

    @Test(
        "force is found",
        arguments: [
            "let a = b" + "!", "let a = b()" + "!.c", "let a = b[0]" + "!", "try" + "! a()",
            "a as" + "! B", "var a: Int" + "!", "final class A: @unchecked" + " Sendable {}",
            "nonisolated" + "(unsafe) var a = 1",
        ])
    func forceIsFound(_ text: String) {
        #expect(ForceRule().violations(in: file("Sources/fleetctl/A.swift", text)).count == 1)
    }

    @Test(
        "what only looks like force is not found",
        arguments: ["a != b", "if !a {}", "(!a)", "let text = \"wow!\"", "// done!", "a! = b"])
    func restraintIsNot(_ text: String) {
        let found = ForceRule().violations(in: file("Sources/fleetctl/A.swift", text))
        #expect(found.isEmpty == (text != "a! = b"))
    }

    @Test("a file of 400 lines is found, one of 399 is not")
    func sizeIsFound() {
        let long = SourceFile(
            path: "Sources/fleetctl/A.swift", text: String(repeating: "\n", count: 400))
        let short = SourceFile(
            path: "Sources/fleetctl/A.swift", text: String(repeating: "\n", count: 399))
        let test = SourceFile(path: "Tests/A/A.swift", text: String(repeating: "\n", count: 599))
        #expect(SizeRule().violations(in: long).count == 1)
        #expect(SizeRule().violations(in: short) == [])
        #expect(SizeRule().violations(in: test) == [])
    }

    @Test(
        "a missing licence is found",
        arguments: ["Sources/A/A.swift", "Scripts/a.sh", "Tests/Clients/a.py", "Makefile"])
    func missingLicenceIsFound(_ path: String) {
        #expect(LicenceRule().violations(in: SourceFile(path: path, text: "a\n")).count == 1)
        #expect(LicenceRule().violations(in: file(path, "a")) == [])
    }

    @Test(
        "an empty name is found",
        arguments: [
            "Sources/A/Utils/B.swift", "Sources/A/BHelper.swift", "Sources/A/BManager.swift",
        ])
    func emptyNameIsFound(_ path: String) {
        #expect(NameRule().violations(in: file(path, "")).count == 1)
    }

    @Test("a file that is not named for its type is found")
    func wrongNameIsFound() {
        let rule = MainTypeRule()
        let path = "Sources/A/Queue+Order.swift"
        #expect(rule.violations(in: file("Sources/A/Queue.swift", "struct Other {}")).count == 1)
        #expect(rule.violations(in: file(path, "extension Other {}")).count == 1)
        #expect(rule.violations(in: file(path, "extension Queue {}")) == [])
        #expect(rule.violations(in: file(path, "extension Pool.Queue {}")) == [])
        #expect(rule.violations(in: file("Sources/A/Queue.swift", "public enum Queue {}")) == [])
    }

    @Test("unfinished work without an issue is found")
    func unfinishedWorkIsFound() {
        let mark = "TO" + "DO"
        let rule = UnfinishedRule()
        #expect(rule.violations(in: file("Docs/A.md", "\(mark): later")).count == 1)
        #expect(rule.violations(in: file("Docs/A.md", "\(mark)(#12): later")) == [])
    }

    @Test(
        "a dead link is found",
        arguments: ["[a](B.md)", "[a](../C.md#d)", "![a](pictures/b.png)", "x [a](E.md \"title\")"])
    func deadLinkIsFound(_ text: String) {
        let rule = LinkRule(exists: { _ in false })
        #expect(rule.violations(in: file("Docs/A.md", text)).count == 1)
        #expect(LinkRule(exists: { _ in true }).violations(in: file("Docs/A.md", text)) == [])
    }

    @Test("code that nobody compiles is found", arguments: ["let a = c()", "b()\nlet a = 1"])
    func loneSnippetIsFound(_ code: String) {
        let source = SourceFile(path: "Tests/A/B.swift", text: "let a = 1  // one\nb()\n")
        let article = SourceFile(path: "Docs/A.md", text: "```swift\n\(code)\n```\n")
        #expect(SnippetRule().violations(in: [source, article]).map(\.line) == [1])
        let sound = SourceFile(path: "Docs/A.md", text: "```swift\nlet a = 1\n    b()\n```\n")
        #expect(SnippetRule().violations(in: [source, sound]) == [])
    }

    @Test("a link is followed from the folder of its document")
    func linksAreRelative() {
        let rule = LinkRule(exists: { $0 == "Docs/Decisions/B.md" || $0 == "README.md" })
        let text = "[a](Decisions/B.md) [b](../README.md) [c](https://swift.org) [d](#here)"
        #expect(rule.violations(in: file("Docs/A.md", text)) == [])
    }

    @Test("a test that does not exist is found")
    func missingTestIsFound() {
        let files = [
            file("Tests/ATests/B.swift", "struct BTests {}"), file("Tests/Clients/test_a.py", ""),
        ]
        let page = file("Docs/Testing.md", "`ATests` `BTests` `test_a.py` `CTests` `test_b.py` `x`")
        #expect(TestPageRule(files: files).missing(from: page) == ["CTests", "test_b.py"])
    }
}
