import FairleadAdmin
import FairleadTelemetry
import Foundation
import Testing

@Suite("Admin pages")
struct AdminPagesTests {
  private func get(_ path: String, from source: FixedSource = FixedSource()) async -> PageAnswer {
    await AdminPages(source: source).answer(PageRequest(path: path))
  }

  @Test("say that the proxy is ready")
  func ready() async {
    let answer = await get("/ready")
    #expect(answer.status == 200)
    #expect(answer.body == "ready\n")
  }

  @Test("say why the proxy is not ready")
  func notReady() async {
    let answer = await get(
      "/ready", from: FixedSource(isReady: .notReady(reason: "no configuration yet")))
    #expect(answer.status == 503)
    #expect(answer.body == "no configuration yet\n")
  }

  @Test("list themselves, and each of them is there")
  func index() async {
    let answer = await get("/")
    #expect(answer.status == 200)
    let paths = answer.body.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    #expect(paths == ["/", "/ready", "/stats/prometheus", "/clusters", "/config_dump"])
    for path in paths {
      #expect(await get(path).status == 200, "\(path)")
    }
  }

  @Test(
    "answer 404 with one sentence for what is not there", arguments: ["/x", "/ready/", "", "//"])
  func notFound(path: String) async {
    let answer = await get(path)
    #expect(answer.status == 404)
    #expect(answer.body == "There is no such page; / lists those that there are.\n")
  }

  @Test("take no method that could change something", arguments: ["POST", "PUT", "DELETE", "get"])
  func notAllowed(method: String) async {
    let pages = AdminPages(source: FixedSource())
    let answer = await pages.answer(PageRequest(method: method, path: "/ready"))
    #expect(answer.status == 405)
    #expect(answer.allow == "GET, HEAD")
    #expect(answer.body == "This page can only be read: use GET.\n")
  }

  @Test("give the metrics in Prometheus' text format")
  func metrics() async {
    let answer = await get("/stats/prometheus")
    #expect(answer.status == 200)
    #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
    #expect(answer.body.contains("\nfairlead_build_info{version=\"0.1.0\"} 1\n"))
  }

  @Test("say in one sentence that there are no clusters")
  func noClusters() async {
    #expect(await get("/clusters").body == "There are no clusters in the configuration.\n")
  }

  @Test("dump the configuration in force with what was refused since")
  func configuration() async throws {
    let answer = await get("/config_dump", from: FixedSource(status: .greeter))
    #expect(answer.contentType == "application/json")
    let body = try #require(
      JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
    let snapshot = try #require(body["snapshot"] as? [String: Any])
    #expect(snapshot["generation"] as? Int == 7)
    #expect(snapshot["readAt"] as? String == "2001-02-03T04:05:06Z")
    #expect(snapshot["appliedAt"] as? String == "2001-02-03T04:05:07Z")
    #expect(body["refused"] as? [String] == ["weight is below 0"])
    #expect(body["findings"] as? [String] == ["nobody calls it"])
    let hosts = try #require(body["virtualHosts"] as? [[String: Any]])
    #expect(hosts.map { $0["domains"] as? [String] } == [["greeter", "greeter:80"]])
    let routes = try #require(hosts.first?["routes"] as? [[String: Any]])
    let split = try #require(routes.first?["split"] as? [[String: Any]])
    #expect(split.map { $0["weight"] as? Int } == [90, 10])
    let clusters = try #require(body["clusters"] as? [[String: Any]])
    #expect(clusters.map { $0["subset"] as? String } == ["v1", "v2"])
    let endpoints = try #require(clusters.first?["endpoints"] as? [[String: Any]])
    #expect(endpoints.map { $0["address"] as? String } == ["127.0.0.1:9001"])
  }

  @Test("dump the empty configuration, before the first was read")
  func noConfiguration() async throws {
    let answer = await get("/config_dump")
    #expect(
      answer.body == """
        {
          "clusters" : [

          ],
          "findings" : [

          ],
          "refused" : [

          ],
          "snapshot" : {
            "generation" : 0
          },
          "virtualHosts" : [

          ]
        }

        """)
  }
}
