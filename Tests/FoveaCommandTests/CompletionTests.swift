import Testing

@testable import FoveaCommandKit

@Suite struct CompletionTests {
  @Test(arguments: Shell.allCases)
  func everyVerbAndOptionIsThere(_ shell: Shell) {
    let script = Sample.program.completion(for: shell)
    for command in Sample.program.commands {
      #expect(script.contains(command.name))
      for option in command.definitions {
        #expect(script.contains(option.name), "\(option.name) is missing for \(shell)")
      }
    }
    #expect(script.contains("sgd adam rmsprop"))
    #expect(script.hasSuffix("\n"))
  }

  @Test func quotesAreClosedAroundQuotes() {
    #expect(quoted("the optimizer's name") == #"'the optimizer'\''s name'"#)
    #expect(quoted("") == "''")
    #expect(Sample.program.completion(for: .fish).contains(#"-d 'the optimizer'\''s name'"#))
    #expect(Sample.program.completion(for: .zsh).contains(#"[the optimizer'\''s name]"#))
  }

  @Test func bracketsInHelpDoNotEndTheDescriptionOfZsh() {
    let script = Sample.program.completion(for: .zsh)
    #expect(script.contains(#"'--quiet[say less \[or nothing\]]'"#))
    #expect(script.contains("'--epochs=[passes over the data]:N: '"))
  }

  @Test func bashCompletesValuesAfterBothNamesOfAnOption() {
    let script = Sample.program.completion(for: .bash)
    #expect(script.contains("--epochs|-e) words='' ;;"))
    #expect(script.contains("--optimizer) words='sgd adam rmsprop' ;;"))
    #expect(script.contains("else words='bash zsh fish'; fi ;;"))
    #expect(script.contains("complete -o filenames -F _sample sample\n"))
  }
}
