"""grpcio's own clients against what `fairlead greeter` serves beside greetings: health and reflection."""

import grpc
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from harness.fairlead import fairlead_binary
from harness.processes import HOST, Child, accepts_connections, eventually, free_port

pytestmark = pytest.mark.fairlead_only

SERVICES = {
    "helloworld.Greeter",
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
}


@pytest.fixture(scope="module")
def greeter(module_lab):
    address = f"{HOST}:{free_port()}"
    command = [fairlead_binary(), "greeter", "--address", address, "--name", "pod-1"]
    child = module_lab.child(Child("greeter", command, module_lab.path("greeter.log")))
    eventually(lambda: accepts_connections(int(address.split(":")[1])), 20, "the greeter listens")
    return child, address


@pytest.fixture
def channel(greeter):
    with grpc.insecure_channel(greeter[1]) as channel:
        yield channel


def test_reflection_v1alpha(channel):
    database = ProtoReflectionDescriptorDatabase(channel)
    assert set(database.get_services()) == SERVICES
    pool = DescriptorPool(database)
    method = pool.FindServiceByName("helloworld.Greeter").FindMethodByName("SayHello")
    assert method.input_type.full_name == "helloworld.HelloRequest"
    assert pool.FindServiceByName("grpc.health.v1.Health").methods_by_name["Watch"]
    with pytest.raises(KeyError):
        pool.FindServiceByName("no.Such")


class ReflectionV1:
    """grpcio's stub of v1alpha, which asks for v1: their messages are the same."""

    def __init__(self, channel):
        self.ServerReflectionInfo = channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )


@pytest.mark.parametrize("version", [ReflectionV1, reflection_pb2_grpc.ServerReflectionStub])
def test_reflection_answers_each_question(channel, version):
    request = reflection_pb2.ServerReflectionRequest
    questions = [
        request(list_services=""),
        request(file_containing_symbol="helloworld.Greeter.SayHello"),
        request(file_by_filename="helloworld.proto"),
        request(file_containing_symbol="no.Such"),
        request(all_extension_numbers_of_type="helloworld.HelloRequest"),
    ]
    answers = list(version(channel).ServerReflectionInfo(iter(questions), timeout=20))
    assert [answer.original_request for answer in answers] == questions
    assert {one.name for one in answers[0].list_services_response.service} == SERVICES
    for answer in answers[1:3]:
        assert b"helloworld" in answer.file_descriptor_response.file_descriptor_proto[0]
    assert answers[3].error_response.error_code == grpc.StatusCode.NOT_FOUND.value[0]
    assert not answers[4].all_extension_numbers_response.extension_number


def test_health_check(channel):
    stub = health_pb2_grpc.HealthStub(channel)
    serving = health_pb2.HealthCheckResponse.SERVING
    for service in ("", "helloworld.Greeter"):
        request = health_pb2.HealthCheckRequest(service=service)
        assert stub.Check(request, timeout=20).status == serving
    with pytest.raises(grpc.RpcError) as error:
        stub.Check(health_pb2.HealthCheckRequest(service="no.Such"), timeout=20)
    assert error.value.code() == grpc.StatusCode.NOT_FOUND


def test_health_watch_sees_the_end(lab):
    address = f"{HOST}:{free_port()}"
    command = [fairlead_binary(), "greeter", "--address", address, "--name", "pod-2"]
    child = lab.child(Child("greeter", command, lab.path("greeter.log")))
    eventually(lambda: accepts_connections(int(address.split(":")[1])), 20, "the greeter listens")
    with grpc.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        watch = stub.Watch(health_pb2.HealthCheckRequest(service=""), timeout=30)
        unknown = stub.Watch(health_pb2.HealthCheckRequest(service="no.Such"), timeout=30)
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        assert next(unknown).status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
        child.process.terminate()
        assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
