/// A command line that cannot be followed, and what is printed for it.
struct Complaint: Sendable {
  let line: [String]
  let text: String

  init(_ line: [String], _ text: String) {
    self.line = line
    self.text = text
  }
}

extension RefusalTests {
  static let complaints: [Complaint] = [
    Complaint(
      ["tarin"], "error: unknown command tarin\nhint:  did you mean train?   (sample help)"),
    Complaint(["zzz"], "error: unknown command zzz\nhint:  sample help"),
    Complaint(
      ["--vresion"],
      "error: unknown option --vresion\nhint:  did you mean --version?   (sample help)"
    ),
    Complaint(
      ["--epochs", "3", "train"],
      "error: --epochs stands before the command\nhint:  sample train --epochs   (sample help)"
    ),
    Complaint(
      ["train", "--epoch", "5"],
      "error: unknown option --epoch\nhint:  did you mean --epochs?   (sample help train)"
    ),
    Complaint(["train", "--zzz"], "error: unknown option --zzz\nhint:  sample help train"),
    Complaint(["train", "-x"], "error: unknown option -x\nhint:  sample help train"),
    Complaint(
      ["train", "-epochs"],
      "error: unknown option -epochs\nhint:  did you mean --epochs?   (sample help train)"
    ),
    Complaint(
      ["train", "--epochs"],
      "error: --epochs needs a whole number from 1 to 100\nhint:  --epochs N   (sample help train)"
    ),
    Complaint(
      ["train", "--lr", "--quiet"],
      "error: --lr needs a number above 0, at most 10\nhint:  --lr RATE   (sample help train)"
    ),
    Complaint(
      ["train", "--epochs", "0"],
      "error: --epochs: '0' is not a whole number from 1 to 100\nhint:  sample help train"
    ),
    Complaint(
      ["train", "--epochs", "1e2"],
      "error: --epochs: '1e2' is not a whole number from 1 to 100\nhint:  sample help train"
    ),
    Complaint(
      ["train", "--epochs", "99999999999999999999"],
      "error: --epochs: '99999999999999999999' is not a whole number from 1 to 100\nhint:  sample help train"
    ),
    Complaint(
      ["train", "--lr", "nan"],
      "error: --lr: 'nan' is not a number above 0, at most 10\nhint:  sample help train"
    ),
    Complaint(
      ["train", "--lr", "0"],
      "error: --lr: '0' is not a number above 0, at most 10\nhint:  sample help train"
    ),
    Complaint(
      ["train", "--lr", "1e-400"],
      "error: --lr: '1e-400' is not a number above 0, at most 10\nhint:  sample help train"
    ),
    Complaint(
      ["train", "--lr="],
      "error: --lr: '' is not a number above 0, at most 10\nhint:  sample help train"
    ),
    Complaint(
      ["train", "--optimizer", "adm"],
      "error: --optimizer: 'adm' is not sgd, adam or rmsprop\nhint:  did you mean adam?   (sample help train)"
    ),
    Complaint(["train", "--quiet=yes"], "error: --quiet takes no value\nhint:  sample help train"),
    Complaint(["train", "a", "b"], "error: unexpected argument 'b'\nhint:  sample help train"),
    Complaint(["bench"], "error: WHAT is missing: what to time\nhint:  sample help bench"),
    Complaint(["bench", "all", ""], "error: FILE: '' is not a file\nhint:  sample help bench"),
    Complaint(
      ["completion", "fsh"],
      "error: SHELL: 'fsh' is not bash, zsh or fish\nhint:  did you mean fish?   (sample help completion)"
    ),
  ]
}
