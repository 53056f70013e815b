"""A client that knows nothing but the address: it learns the API by reflection, then checks the service's health,
lists the products and reads how a refusal is explained. Prints one line a step; ends with 1 if a step fails."""

import sys

import grpc
from google.protobuf import descriptor_pool, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


def call(channel, pool, service, method, **fields):
    """Calls a unary method that was found by reflection."""
    descriptor = pool.FindServiceByName(service).FindMethodByName(method)
    request = message_factory.GetMessageClass(descriptor.input_type)(**fields)
    response = message_factory.GetMessageClass(descriptor.output_type)
    stub = channel.unary_unary(
        f"/{service}/{method}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=response.FromString,
    )
    return stub(request, timeout=10)


def main(address):
    """Walks through the service at this address."""
    with grpc.insecure_channel(address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        pool = descriptor_pool.DescriptorPool(database)
        services = sorted(database.get_services())
        print("services:", " ".join(services))

        health = call(channel, pool, "grpc.health.v1.Health", "Check")
        status = health.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number[health.status].name
        print("health:", status)

        products = call(channel, pool, "usher.v1.CatalogService", "ListProducts").products
        print("products:", " ".join(product.part_number for product in products))

        try:
            call(channel, pool, "usher.v1.UserService", "GetUser", user="nobody@example.com")
        except grpc.RpcError as error:
            print("refusal:", error.code().name)
            return 0
        print("refusal: none")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
