import FairleadDescriptors
import Testing

struct MessageTemplateTests {
  @Test(
    "The example has every field once, the first of a oneof, and ends where types hold themselves")
  func example() throws {
    let pool = try Fixtures.pool()
    #expect(
      pool.template(of: try pool.message(named: "fixtures.three.Tree")).text()
        == ##"{"name":"","children":[],"grams":"0","OddName":"","leaf":{"isGreen":false}}"##)
    #expect(
      pool.template(of: try pool.message(named: "fixtures.three.Choice")).text()
        == #"{"number":0,"large":"0","label":""}"#)
    #expect(
      pool.template(of: try pool.message(named: "fixtures.three.Maps"))["strings"]?.text()
        == #"{"":{"name":"","children":[],"grams":"0","OddName":"","leaf":{"isGreen":false}}}"#)
  }

  @Test("Every example is a message that is accepted, and every field of it is known")
  func accepted() throws {
    let codec = try Fixtures.codec()
    let types = codec.pool.messages
    #expect(types.count > 15)
    for type in types {
      let text = codec.pool.template(of: type).text()
      do {
        _ = try codec.encode(json: Array(text.utf8), as: type)
      } catch {
        Issue.record("\(type.fullName) \(text): \(error)")
      }
    }
  }
}
