/// Where the networks were published.
enum Paper {
  static let leNet = "LeCun et al. 1998, doi:10.1109/5.726791"
  static let alexNet = "Krizhevsky 2014, arXiv:1404.5997"
  static let vgg = "Simonyan, Zisserman 2014, arXiv:1409.1556"
  static let resNet = "He et al. 2015, arXiv:1512.03385"
  static let mobileNet = "Howard et al. 2017, arXiv:1704.04861"
  static let mobileNetV2 = "Sandler et al. 2018, arXiv:1801.04381"
  static let squeezeNet = "Iandola et al. 2016, arXiv:1602.07360"
  static let denseNet = "Huang et al. 2016, arXiv:1608.06993"
  static let efficientNet = "Tan, Le 2019, arXiv:1905.11946"
}
