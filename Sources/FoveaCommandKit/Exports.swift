// Whoever prints needs it, and the readers of files do, too.
@_exported public import func FoveaSystem.visible
