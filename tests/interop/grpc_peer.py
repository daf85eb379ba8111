#!/usr/bin/env python3
"""A Zab server's links, played by an independent implementation of gRPC and of Protocol Buffers.

usage: grpc_peer.py DESCRIPTOR echo HOST:PORT SELF PEER COUNT     call, send COUNT messages, expect them back
       grpc_peer.py DESCRIPTOR refused HOST:PORT SELF PEER ID     call as a server of the ensemble ID
       grpc_peer.py DESCRIPTOR unknown HOST:PORT                  call a method that is not there
       grpc_peer.py DESCRIPTOR deadline HOST:PORT SELF PEER       call with a deadline
       grpc_peer.py DESCRIPTOR serve HOST SELF                    serve both methods, and send back what comes

DESCRIPTOR is a file with the FileDescriptorProto of zab.proto. What was seen is printed, a fact a line.
"""
import queue
import sys
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ENSEMBLE = "zab-tests"
ELECTION = "/zab.v1.ElectionService/Connect"
QUORUM = "/zab.v1.QuorumService/Connect"
NOTIFICATION = 32


def load(path):
    proto = descriptor_pb2.FileDescriptorProto()
    with open(path, "rb") as file:
        proto.ParseFromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    pool.Add(proto)
    factory = message_factory.MessageFactory(pool)
    names = ["Frame", "MessageList"]
    return [factory.GetPrototype(pool.FindMessageTypeByName("zab.v1." + name)) for name in names]


def make_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


TABLE = make_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283

Frame, MessageList = load(sys.argv[1])


def hello(sender, receiver, ensemble=ENSEMBLE):
    frame = Frame()
    frame.hello.protocol_version = 1
    frame.hello.ensemble_id = ensemble
    frame.hello.sender = sender
    frame.hello.receiver = receiver
    frame.hello.process_nonce = 0x0123456789ABCDEF
    return frame


def batch(sequence, encoded):
    frame = Frame()
    frame.batch.sequence = sequence
    frame.batch.crc32c = crc32c(encoded)
    frame.batch.messages = encoded
    return frame


def goodbye(reason):
    frame = Frame()
    frame.goodbye.reason = reason
    return frame


def open_batch(frame, expected):
    assert frame.WhichOneof("kind") == "batch", frame
    assert frame.batch.sequence == expected, (frame.batch.sequence, expected)
    assert frame.batch.crc32c == crc32c(frame.batch.messages), "checksum"
    return MessageList.FromString(frame.batch.messages).messages


class Outgoing:
    """An iterator of frames that another thread feeds."""

    def __init__(self):
        self.frames = queue.Queue()

    def __iter__(self):
        return iter(self.frames.get, None)


def call(address, path, outgoing, timeout=None):
    channel = grpc.insecure_channel(address)
    method = channel.stream_stream(path, request_serializer=lambda frame: frame.SerializeToString(),
                                   response_deserializer=Frame.FromString)
    return method(iter(outgoing), timeout=timeout)


def print_status(responses):
    try:
        for frame in responses:
            print("frame", frame.WhichOneof("kind"))
    except grpc.RpcError:
        pass  # The status says the same.
    print("status", responses.code().name)
    print("details", responses.details())


def echo(address, self_id, peer, count):
    outgoing = Outgoing()
    responses = call(address, ELECTION, outgoing)
    outgoing.frames.put(hello(self_id, peer))
    answer = next(responses)
    assert answer.WhichOneof("kind") == "hello", answer
    assert (answer.hello.sender, answer.hello.receiver) == (peer, self_id), answer
    assert answer.hello.ensemble_id == ENSEMBLE and answer.hello.protocol_version == 1, answer
    print("hello from", answer.hello.sender)

    sent = []
    for number in range(count):
        messages = MessageList()
        messages.messages.add(type=NOTIFICATION, number=number, zxid=(3 << 32) + number,
                              chain=(1 << 64) - 1 - number, epoch=-number, candidate=self_id, state=1,
                              sender_epoch=2, flag=number % 2 == 0,
                              body=bytes([number % 256]) * (number % 300))
        sent.extend(messages.messages)
        outgoing.frames.put(batch(number + 1, messages.SerializeToString()))
    came = []
    batches = 0
    while len(came) < count:
        batches += 1
        came.extend(open_batch(next(responses), batches))
    assert came == sent, "echo differs"
    print("echoed", len(came), "in order")

    outgoing.frames.put(goodbye("python is done"))
    outgoing.frames.put(None)
    print_status(responses)


def refused(address, self_id, peer, ensemble):
    outgoing = Outgoing()
    responses = call(address, ELECTION, outgoing)
    outgoing.frames.put(hello(self_id, peer, ensemble))
    print_status(responses)


def unknown(address):
    print_status(call(address, "/zab.v1.ElectionService/Elect", Outgoing()))


def deadline(address, self_id, peer):
    outgoing = Outgoing()
    responses = call(address, ELECTION, outgoing, timeout=1)
    outgoing.frames.put(hello(self_id, peer))
    print_status(responses)


class Service(grpc.GenericRpcHandler):
    def __init__(self, self_id):
        self.self_id = self_id

    def service(self, details):
        if details.method not in (ELECTION, QUORUM):
            return None
        return grpc.stream_stream_rpc_method_handler(
            lambda frames, context: self.link(details.method, frames),
            request_deserializer=Frame.FromString,
            response_serializer=lambda frame: frame.SerializeToString())

    def link(self, method, frames):
        first = next(frames)
        assert first.WhichOneof("kind") == "hello" and first.hello.receiver == self.self_id, first
        assert first.hello.ensemble_id == ENSEMBLE and first.hello.protocol_version == 1, first
        print("hello from", first.hello.sender, "on", method, flush=True)
        yield hello(self.self_id, first.hello.sender)
        sequence = 0
        for frame in frames:
            if frame.WhichOneof("kind") == "goodbye":
                print("goodbye", frame.goodbye.reason, flush=True)
                return
            sequence += 1
            open_batch(frame, sequence)
            yield batch(sequence, frame.batch.messages)


def serve(host, self_id):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), handlers=[Service(self_id)])
    ports = [server.add_insecure_port(host + ":0") for _ in range(2)]
    print("listening", *ports, flush=True)
    server.start()
    # Ends with whoever started it: its standard input is then at its end.
    sys.stdin.read()
    server.stop(0).wait()


def main():
    verb, arguments = sys.argv[2], sys.argv[3:]
    if verb == "echo":
        echo(arguments[0], int(arguments[1]), int(arguments[2]), int(arguments[3]))
    elif verb == "refused":
        refused(arguments[0], int(arguments[1]), int(arguments[2]), arguments[3])
    elif verb == "unknown":
        unknown(arguments[0])
    elif verb == "deadline":
        deadline(arguments[0], int(arguments[1]), int(arguments[2]))
    elif verb == "serve":
        serve(arguments[0], int(arguments[1]))
    else:
        sys.exit(__doc__)


main()
