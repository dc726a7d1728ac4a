@_exported public import FoveaFormats
@_exported public import FoveaNN
@_exported public import FoveaPictures
@_exported public import FoveaRuntime
@_exported public import FoveaTensor
@_exported public import FoveaTraining
@_exported public import FoveaZoo
