// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The rules, held against this repository.
struct RepositoryRulesTests {
    static let rules: [any FileRule] = [
        ImportRule(), PurityRule(), ForceRule(), SizeRule(), LicenceRule(), NameRule(),
        MainTypeRule(), UnfinishedRule(), LinkRule(),
    ]

    @Test("no file breaks a rule", arguments: rules)
    func noFileBreaksARule(_ rule: any FileRule) {
        for violation in rule.violations(in: .this) {
            Issue.record("\(violation)")
        }
    }

    @Test("code in documents is compiled")
    func snippetsAreCompiled() {
        for violation in SnippetRule().violations(in: Repository.this.files) {
            Issue.record("\(violation)")
        }
        let readme = Repository.this.files.first { $0.path == "README.md" }
        #expect(readme.map { SnippetRule.blocks(of: $0).count } == 1)
    }

    @Test("every library has a page of documentation")
    func librariesHaveCatalogs() {
        let targets = Set(Repository.this.files.compactMap(\.target))
        for target in targets where target.hasPrefix("BrowserFleet") {
            #expect(Repository.exists("Sources/\(target)/\(target).docc/\(target).md"))
        }
    }

    @Test("the rules look at the files there are")
    func rulesLookAtFiles() {
        let files = Repository.this.files
        #expect(files.contains { $0.target == "BrowserFleetCore" && $0.isSwift })
        #expect(files.contains { $0.target == "fleetctl" })
        #expect(files.contains { $0.path == "README.md" })
        #expect(files.contains { $0.path == "Makefile" })
        #expect(!files.contains { $0.path.hasPrefix(".build") })
    }

    @Test("every exception to the force rule is needed", arguments: ForceRule.promises.indices)
    func exceptionsAreNeeded(_ index: Int) throws {
        let promise = ForceRule.promises[index]
        let file = Repository.this.files.first { $0.path == promise.path }
        let isUsed = file?.code.contains { $0.contains(promise.word) } ?? false
        #expect(isUsed, "remove the entry for \(promise.path) from ForceRule")
    }

    @Test("every group of types is a file that exists")
    func groupsExist() {
        #expect(MainTypeRule.groups.filter { !Repository.exists($0) } == [])
    }

    @Test("every target of make that README names exists")
    func readmeNamesExistingTargets() throws {
        let files = Repository.this.files
        let readme = try #require(files.first { $0.path == "README.md" })
        let makefile = try #require(files.first { $0.path == "Makefile" })
        let commands = ReadmeCommands.make(in: readme)
        #expect(!commands.isEmpty)
        for target in commands {
            #expect(makefile.lines.contains { $0.hasPrefix("\(target):") }, "make \(target)")
        }
    }

    @Test("every test that the page on testing names exists")
    func namedTestsExist() throws {
        let files = Repository.this.files
        let page = try #require(files.first { $0.path == TestPageRule.page })
        #expect(TestPageRule(files: files).missing(from: page) == [])
    }

    @Test("every figure in README stands in the page of figures")
    func readmeQuotesMeasuredFigures() throws {
        let files = Repository.this.files
        let readme = try #require(files.first { $0.path == "README.md" })
        let page = try #require(files.first { $0.path == "Docs/Performance.md" })
        let quoted = readme.lines.flatMap(Figures.measured)
        #expect(!quoted.isEmpty)
        let measured = Set(page.lines.flatMap(Figures.measured))
        #expect(quoted.filter { !measured.contains($0) } == [])
    }

    @Test("a figure is a number with the unit of a measurement")
    func figuresAreFound() {
        let line: Substring =
            "| create | 3.07 ms, 29.3 ms p99 | 17,904 msg/s | 43.5 MiB, 2 cores | 0.8 x |"
        let found = ["3.07 ms", "29.3 ms", "17,904 msg/s", "43.5 MiB", "0.8 x"]
        #expect(Figures.measured(in: line) == found)
    }
}

/// Measured figures in prose and tables.
enum Figures {
    /// Each number of a line that has the unit of a measurement, with it: `3.07 ms`.
    static func measured(in line: Substring) -> [String] {
        line.matches(of: /[0-9][0-9.,]* (?:ms|us|ns|MiB|KiB|MB\/s|msg\/s|x)\b/)
            .map { String($0.output) }
    }
}

/// What README tells people to type.
enum ReadmeCommands {
    /// The targets of its lines `make …` in blocks of code.
    static func make(in file: SourceFile) -> [String] {
        var isInFence = false
        return file.lines.compactMap { line in
            if line.hasPrefix("```") { isInFence.toggle() }
            guard isInFence, line.hasPrefix("make ") else { return nil }
            return line.split(separator: " ").dropFirst().first.map(String.init)
        }
    }
}
