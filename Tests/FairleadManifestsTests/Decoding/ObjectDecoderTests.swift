import Testing

@testable import FairleadManifests

@Suite("Documents become objects, or findings that say why not")
struct ObjectDecoderTests {
  @Test("kinds that decide where calls go are read in all their versions")
  func kinds() {
    let all = decode(
      documents(
        service("a"), pod("p", app: "a", port: 1), greeterSubsets,
        greeterSubsets.replacing("networking.istio.io/v1", with: "networking.istio.io/v1beta1"),
        greeterSubsets.replacing("networking.istio.io/v1", with: "networking.istio.io/v1alpha3")))
    #expect(all.findings.isEmpty)
    #expect(
      all.objects.map(\.kind)
        == [.service, .pod, .destinationRule, .destinationRule, .destinationRule])
  }

  @Test("a version that is not known is an error")
  func version() {
    let text = greeterSubsets.replacing("istio.io/v1", with: "istio.io/v9")
    #expect(
      findings(text) == [
        "1 error invalid-value: `apiVersion` `networking.istio.io/v9` of DestinationRule is not "
          + "known; use `networking.istio.io/v1` (apiVersion)"
      ])
  }

  @Test("a kind of another group with a known name is another kind")
  func sameNameOtherGroup() {
    let text = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n"
    #expect(codes(text) == ["2 info unknown-kind"])
    #expect(decode(text).objects.isEmpty)
  }

  @Test("lists are opened; the items of a typed list need not say what they are")
  func lists() {
    let text = """
      apiVersion: v1
      kind: List
      items:
      - apiVersion: v1
        kind: ServiceList
        metadata: {resourceVersion: "7"}
        items:
        - metadata: {name: a}
          spec: {ports: [{port: 80}], sessionAffinity: ClientIP}
      """
    let file = decode(text)
    #expect(file.objects.map(\.metadata.name) == ["a"])
    #expect(
      file.findings.map(short) == [
        "9 warning not-honoured: `sessionAffinity` is not honoured; only `None` is "
          + "(items[0].items[0].spec.sessionAffinity)"
      ])
  }

  @Test("workload kinds are counted and not remarked on")
  func skipped() {
    let text = documents(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 3}",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}")
    #expect(decode(text).findings.isEmpty)
    #expect(decode(text).skippedKinds == ["Deployment": 1, "ConfigMap": 2])
  }

  @Test(
    "kinds that their writer expects to route are not passed over in silence",
    arguments: [
      ("networking.istio.io/v1", "Gateway"), ("networking.istio.io/v1", "Sidecar"),
      ("gateway.networking.k8s.io/v1", "GRPCRoute"), ("networking.k8s.io/v1", "Ingress"),
      ("v1", "Endpoints"),
    ])
  func routingKinds(apiVersion: String, kind: String) {
    let text = "apiVersion: \(apiVersion)\nkind: \(kind)\nmetadata: {name: a}"
    #expect(codes(text) == ["2 warning not-honoured"])
  }

  @Test("what is no object is an error")
  func notAnObject() {
    #expect(codes("- a\n- b\n") == ["1 error not-an-object"])
    #expect(codes("just text\n") == ["1 error not-an-object"])
    #expect(codes("kind: Service\n") == ["1 error missing-field"])
    #expect(codes("apiVersion: v1\nkind: 7\n") == ["2 error wrong-type"])
    #expect(codes("apiVersion: v1\nkind: List\nitems: [3]\n") == ["3 error not-an-object"])
    #expect(codes("apiVersion: v1\nkind: List\nitems: 3\n") == ["3 error wrong-type"])
  }

  @Test("metadata: names, namespaces, labels and annotations are checked")
  func metadata() {
    let text = """
      apiVersion: v1
      kind: Service
      metadata:
        namespace: Not_Valid
        labels:
          good: "1"
          number: 1
          flag: on
          list: [a]
        annotations: nothing
        nmae: a
      spec: {ports: [{port: 80}]}
      """
    #expect(
      findings(text) == [
        "4 error missing-field: `name` is missing (metadata.name)",
        "4 error invalid-value: `Not_Valid` is not a valid namespace (metadata.namespace)",
        "7 error wrong-type: the value of `number` must be a string, not a number; put it in "
          + "quotes (metadata.labels[\"number\"])",
        "8 error wrong-type: the value of `flag` must be a string, not true or false; put it in "
          + "quotes (metadata.labels[\"flag\"])",
        "9 error wrong-type: the value of `list` must be a string, not a list "
          + "(metadata.labels[\"list\"])",
        "10 error wrong-type: `annotations` must be an object, not a string (metadata.annotations)",
        "11 warning unknown-field: unknown field `nmae`; did you mean `name`? (metadata.nmae)",
      ])
  }

  @Test("what an API server adds to an object is no finding")
  func serverFields() {
    let text = """
      apiVersion: v1
      kind: Service
      metadata:
        name: a
        namespace: prod
        uid: 1-2
        resourceVersion: "7"
        generation: 1
        creationTimestamp: "2026-01-01T00:00:00Z"
        managedFields: [{manager: kubectl}]
        ownerReferences: []
        finalizers: []
        annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}
      spec:
        clusterIP: 10.0.0.1
        clusterIPs: [10.0.0.1]
        ipFamilies: [IPv4]
        ipFamilyPolicy: SingleStack
        internalTrafficPolicy: Cluster
        sessionAffinity: None
        type: ClusterIP
        ports: [{port: 80, protocol: TCP, nodePort: 30000, targetPort: 8080}]
      status: {loadBalancer: {}}
      """
    let file = decode(text)
    #expect(file.findings.isEmpty)
    #expect(file.objects.first?.metadata.key == ObjectKey(namespace: "prod", name: "a"))
    #expect(file.objects.first?.metadata.creationTimestamp == "2026-01-01T00:00:00Z")
  }

  @Test("the findings of an object name it")
  func objectName() {
    let text = service("greeter", namespace: "prod") + "\n  externalTrafficPolicy: Local"
    #expect(decode(text).findings.map(\.origin.object) == ["Service prod/greeter"])
  }

  @Test("an annotation that does not exist is remarked on where it stands")
  func annotations() {
    let text = """
      apiVersion: v1
      kind: Service
      metadata:
        name: a
        annotations:
          other.dev/x: y
          fairlead.dev/balence: connection
          fairlead.dev/scheduler: fastest
      spec: {ports: [{port: 80}]}
      """
    #expect(
      findings(text) == [
        "7 warning unknown-field: Service has no annotation `fairlead.dev/balence`; did you mean "
          + "`fairlead.dev/balance`? (metadata.annotations[\"fairlead.dev/balence\"])",
        "8 error invalid-value: `fairlead.dev/scheduler` is `fastest`; it must be one of `random`, "
          + "`rr`, `lc` (metadata.annotations[\"fairlead.dev/scheduler\"])",
      ])
  }
}
