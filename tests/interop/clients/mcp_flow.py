"""Drives `stowage mcp` through the protocol's own package of Python: argv[1] is the prefix of the repositories that it may make.

The endpoint and the credentials come from the environment. Prints "begin NAME" and "end NAME SECONDS" around each step.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import contextmanager

from jsonschema import Draft202012Validator
from mcp import Client, MCPError, StdioServerParameters

PREFIX = sys.argv[1]
STATELESS = "2026-07-28"


@contextmanager
def step(name):
    print(f"begin {name}", flush=True)
    started = time.monotonic()
    yield
    print(f"end {name} {time.monotonic() - started:.3f}", flush=True)


@contextmanager
def refused(code):
    """Expects the calls inside to be refused with this code of JSON-RPC."""
    try:
        yield
    except MCPError as error:
        assert error.error.code == code, error
    else:
        raise AssertionError(f"succeeded instead of failing with {code}")


def agent(mode, *flags):
    server = StdioServerParameters(command="stowage", args=["mcp", *flags], env=dict(os.environ))
    return Client(server, mode=mode, read_timeout_seconds=30)


async def done(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def told(client, tool, text, **arguments):
    result = await client.call_tool(tool, arguments)
    assert result.is_error, result
    assert text in result.content[0].text, result.content


async def check_identity(client, mode, version):
    assert client.protocol_version == version, client.protocol_version
    if mode == STATELESS:
        return  # told which revision to speak, it asks nothing first
    assert client.server_info.name == "stowage", client.server_info
    assert client.server_capabilities.tools is not None
    assert client.server_capabilities.resources is None and client.server_capabilities.prompts is None
    assert "Amazon ECR" in client.instructions
    if version != STATELESS:
        await client.send_ping()
    with refused(-32601):
        await client.list_resources()
    with refused(-32601):
        await client.list_prompts()


READS = 25
ALL = 61


async def check_tools(client, count):
    """Every schema is one by the rules of JSON Schema, and where writes are not allowed every tool only reads."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert len(tools) == count, len(tools)
    for tool in tools.values():
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object", tool.name
        assert tool.annotations.read_only_hint or count == ALL, tool.name
    images = Draft202012Validator(tools["DescribeImages"].input_schema)
    assert images.is_valid({"repositoryName": "app", "maxResults": 1})
    for wrong in ({}, {"repositoryName": 1}, {"repositoryName": "app", "maxResults": 0}):
        assert not images.is_valid(wrong), wrong


async def check_refusals(client, name):
    await told(client, "DescribeImages", "RepositoryNotFoundException: ", repositoryName=name)
    await told(client, "DescribeImages", "must not be null")
    await told(client, "DescribeImages", "SerializationException: ", repositoryName=name, maxResults="1")
    await told(client, "DescribeImages", "has no filters", repositoryName=name, filters={})
    for tool in ("CreateRepository", "GetAuthorizationToken", "Nothing"):
        with refused(-32602):
            await client.call_tool(tool, {"repositoryName": name})


async def call_many(client):
    answers = await asyncio.gather(*(done(client, "DescribeRegistry") for _ in range(100)))
    assert all(answer == answers[0] for answer in answers)


async def cancel(client):
    """A call that nobody waits for leaves the session as it was."""
    call = asyncio.create_task(client.call_tool("DescribeRepositories", {}))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    await done(client, "DescribeRegistry")


async def write(client, name):
    made = await done(client, "CreateRepository", repositoryName=name, tags=[{"Key": "team", "Value": "a"}])
    assert made["repository"]["repositoryName"] == name, made
    await told(client, "CreateRepository", "RepositoryAlreadyExistsException: ", repositoryName=name)
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}
    await done(client, "PutImage", repositoryName=name, imageTag="1", imageManifest=json.dumps(index))
    listed = await done(client, "ListImages", repositoryName=name)
    assert [image["imageTag"] for image in listed["imageIds"]] == ["1"], listed
    found = await done(client, "BatchGetImage", repositoryName=name, imageIds=[{"imageTag": "1"}, {"imageTag": "2"}])
    assert (len(found["images"]), len(found["failures"])) == (1, 1), found
    await done(client, "DeleteRepository", repositoryName=name, force=True)
    await told(client, "ListImages", "RepositoryNotFoundException: ", repositoryName=name)


async def drive(mode, version, number):
    with step(f"{mode}: connect to what reads, and close"):
        async with agent(mode) as client:
            with step(f"{mode}: what the server says of itself"):
                await check_identity(client, mode, version)
            with step(f"{mode}: tools that read"):
                await check_tools(client, READS)
            with step(f"{mode}: refusals"):
                await check_refusals(client, f"{PREFIX}/none")
            with step(f"{mode}: many calls at once"):
                await call_many(client)
            with step(f"{mode}: a call that is cancelled"):
                await cancel(client)
    with step(f"{mode}: connect to what writes, and close"):
        async with agent(mode, "--allow-writes") as client:
            with step(f"{mode}: all tools"):
                await check_tools(client, ALL)
            with step(f"{mode}: write"):
                await write(client, f"{PREFIX}/made-{number}")


async def main():
    for number, (mode, version) in enumerate((("legacy", "2025-11-25"), ("auto", STATELESS), (STATELESS, STATELESS))):
        await drive(mode, version, number)


asyncio.run(main())
