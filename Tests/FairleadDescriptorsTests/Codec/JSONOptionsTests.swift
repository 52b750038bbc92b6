import FairleadDescriptors
import Testing

struct JSONOptionsTests {
  @Test("Unknown fields are left out, or shown by number")
  func unknown() throws {
    let codec = try Fixtures.codec()
    let type = try codec.pool.message(named: "fixtures.three.Tree.Leaf")
    // A number, text, bytes, both fixed sizes, a group, a number twice, and a known field of another
    // wire type.
    let wire = FixtureCase.bytes(
      hex: "0801" + "1005" + "1a026869" + "2201ff" + "2d01000000" + "310200000000000000"
        + "3b0807" + "3c" + "4001" + "4002" + "0d00000000")
    #expect(try codec.decode(wire: wire, as: type) == #"{"isGreen":true}"#)
    var options = JSONOptions()
    options.showsUnknown = true
    #expect(
      try codec.decode(wire: wire, as: type, options: options)
        == ##"{"isGreen":true,"#1":"0x00000000","#2":5,"#3":"hi","#4":"base64:/w==","##
        + ##""#5":"0x00000001","#6":"0x0000000000000002","#7":{"#1":7},"#8":[1,2]}"##)
  }

  @Test("An Any of an unknown type is shown by its bytes, which are read again")
  func unknownAny() throws {
    let codec = try Fixtures.codec()
    let type = try codec.pool.message(named: "google.protobuf.Any")
    let json = #"{"@type":"x/no.Such","@value":"AQI="}"#
    let wire = try codec.encode(json: Array(json.utf8), as: type)
    var options = JSONOptions()
    options.showsUnknownTypes = true
    #expect(try codec.decode(wire: wire, as: type, options: options) == json)
    #expect(throws: CodecProblem.self) { try codec.decode(wire: wire, as: type) }
  }

  @Test("Fields are in the order of the file, keys of maps are sorted, lines are indented")
  func order() throws {
    let codec = try Fixtures.codec()
    let type = try codec.pool.message(named: "fixtures.three.Maps")
    let json = #"{"bools":{"true":"1","false":"0"},"int32s":{"10":"","9":"","-1":""}}"#
    var options = JSONOptions()
    options.indentation = 2
    let wire = try codec.encode(json: Array(json.utf8), as: type)
    #expect(
      try codec.decode(wire: wire, as: type, options: options) == """
        {
          "int32s": {
            "-1": "",
            "9": "",
            "10": ""
          },
          "bools": {
            "false": "0",
            "true": "1"
          }
        }
        """)
  }

  @Test("Floats are shown as short as they can be read again")
  func floats() throws {
    let codec = try Fixtures.codec()
    let type = try codec.pool.message(named: "fixtures.three.Lists")
    let json =
      #"{"doubles":[0.1,1,-0,5e-324,1.7976931348623157e+308,1e+16,"NaN","-Infinity"],"floats":[0.1,16777216,3.4028235e+38]}"#
    let wire = try codec.encode(json: Array(json.utf8), as: type)
    #expect(try codec.decode(wire: wire, as: type) == json)
  }

  @Test("A number that a closed enum does not have is an unknown field, also in lists and maps")
  func closedEnums() throws {
    let codec = try Fixtures.codec()
    let type = try codec.pool.message(named: "fixtures.two.Order")
    let wire = FixtureCase.bytes(
      hex: "4009" + "5801" + "5809" + "6203010903" + "820105" + "0a01611009" + "820105"
        + "0a01621001")
    #expect(
      try codec.decode(wire: wire, as: type)
        == #"{"sizes":["SMALL"],"denseSizes":["SMALL","LARGE"],"states":{"b":"DONE"}}"#)
  }
}
