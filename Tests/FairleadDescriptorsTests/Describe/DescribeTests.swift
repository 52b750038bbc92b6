import FairleadDescriptors
import Testing

struct DescribeTests {
  @Test("A proto2 message is described with labels, defaults, groups, oneofs and ranges")
  func proto2() throws {
    #expect(
      try Fixtures.pool().describe("fixtures.two.Order") == """
        message Order {
          required string id = 1;
          required fixtures.two.Size size = 2;
          optional int32 count = 3 [default = 7];
          optional string note = 4 [default = "say \\"hi\\"", deprecated = true];
          optional bytes blob = 5 [default = "\\001\\377x"];
          optional double ratio = 6 [default = -inf];
          optional bool paid = 7 [default = true];
          optional fixtures.two.Size second = 8 [default = LARGE];
          repeated int32 plain = 9;
          repeated sint64 dense = 10 [packed = true];
          repeated fixtures.two.Size sizes = 11;
          repeated fixtures.two.Size dense_sizes = 12 [packed = true];
          optional group Address = 13 {
            optional string street = 1;
            optional group Inner = 2 {
              optional int32 depth = 1;
            }
          }
          repeated group Line = 14 {
            required string sku = 1;
            optional uint64 amount = 2;
          }
          optional fixtures.two.Order parent = 15;
          map<string, fixtures.two.State> states = 16;
          oneof payment {
            string card = 17;
            int64 cash = 18;
            group Voucher = 19 {
              optional string code = 1;
            }
          }
          extensions 100 to 199, 1000 to max;
          reserved 50 to 59, 70;
          reserved "old", "older";
        }
        """)
  }

  @Test("A proto3 message is described with its nested types")
  func proto3() throws {
    #expect(
      try Fixtures.pool().describe(".fixtures.three.Tree") == """
        message Tree {
          string name = 1;
          fixtures.three.Tree left = 2;
          repeated fixtures.three.Tree children = 3;
          int64 weight_in_grams = 4 [json_name = "grams"];
          string _odd__name_ = 5;
          fixtures.three.Tree.Leaf leaf = 6;
          message Leaf {
            bool is_green = 1;
          }
        }
        """)
  }

  @Test("A message of an edition is described with the features that are not the rule")
  func editions() throws {
    let pool = try Fixtures.pool()
    #expect(
      try pool.describe("fixtures.edition.Whole") == """
        message Whole {
          int32 explicit = 1;
          int32 implicit = 2 [features.field_presence = IMPLICIT];
          fixtures.edition.Part delimited = 3 [features.message_encoding = DELIMITED];
          fixtures.edition.Part prefixed = 4;
          repeated int32 packed = 5;
          repeated int32 expanded = 6 [features.repeated_field_encoding = EXPANDED];
          fixtures.edition.Open open = 7;
          fixtures.edition.Closed closed = 8;
          repeated fixtures.edition.Part parts = 9 [features.message_encoding = DELIMITED];
          map<string, fixtures.edition.Part> by_name = 10;
          fixtures.edition.Whole again = 11 [features.message_encoding = DELIMITED];
          oneof either {
            string left = 12;
            fixtures.edition.Part right = 13;
          }
        }
        """)
    #expect(
      try pool.describe("fixtures.edition.Strict")
        .contains("int32 needed = 1 [features.field_presence = LEGACY_REQUIRED];"))
    #expect(
      try pool.describe("fixtures.three.Optionals").contains("  optional double a_double = 1;"))
    #expect(
      try pool.describe("fixtures.three.UnpackedLists")
        .contains("  repeated double doubles = 1 [packed = false];"))
  }

  @Test("Enums, services, methods and extensions are described, too")
  func others() throws {
    let pool = try Fixtures.pool()
    #expect(
      try pool.describe("fixtures.three.Color") == """
        enum Color {
          option allow_alias = true;
          UNSPECIFIED = 0;
          RED = 1;
          GREEN = 2;
          LIME = 2;
          NEGATIVE = -5;
        }
        """)
    #expect(
      try pool.describe("fixtures.three.Orchard") == """
        service Orchard {
          rpc Plant(fixtures.three.Tree) returns (google.protobuf.Empty);
          rpc Watch(fixtures.three.Choice) returns (stream fixtures.three.Tree);
          rpc Send(stream fixtures.three.Scalars) returns (fixtures.three.Tree) {
            option deprecated = true;
          }
          rpc Talk(stream fixtures.three.Tree) returns (stream fixtures.three.Tree);
        }
        """)
    #expect(
      try pool.describe("fixtures.three.Orchard/Plant")
        == "rpc Plant(fixtures.three.Tree) returns (google.protobuf.Empty);")
    #expect(
      try pool.describe("fixtures.two.priority") == """
        extend fixtures.two.Order {
          optional int32 priority = 100;
        }
        """)
    let problem = #expect(throws: DescriptorProblem.self) {
      try pool.describe("fixtures.three.Orchid")
    }
    #expect(
      problem?.description
        == "There is no 'fixtures.three.Orchid' to describe (is it 'fixtures.three.Orchard'?).")
  }
}
