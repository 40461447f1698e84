using System.Net;

namespace DevOps.Registry.Tests.Repositories;

public sealed class UploadRangeTests
{
    [Theory] // Source: OCI distribution-spec 1.1, "Pushing a blob in chunks".
    [InlineData("0-99", 0, 200, 100L)]
    [InlineData("0-99", 100, 200, 100L)]
    [InlineData("0-199", 100, 200, 200L)]
    [InlineData("bytes=0-99", 0, 200, 100L)]
    [InlineData("0-0", 1, 200, 1L)]
    [InlineData("0-0", 0, 200, null)] // One byte or none.
    [InlineData("0-98", 100, 200, null)] // It goes backwards.
    [InlineData("0-200", 100, 200, null)] // It goes past what was sent.
    [InlineData("0-9223372036854775807", 0, 200, null)]
    [InlineData("0-99999999999999999999", 0, 200, null)]
    [InlineData("1-99", 0, 200, null)]
    [InlineData("0--1", 0, 200, null)]
    [InlineData("99", 0, 200, null)]
    [InlineData("", 0, 200, null)]
    [InlineData(null, 0, 200, null)]
    public void Read_WhatARegistrySays_IsTrustedOnlyWhereItCanBe(string? range, long acknowledged, long sent, long? expected)
    {
        using HttpResponseMessage response = new(HttpStatusCode.NoContent);
        if (range is not null)
        {
            response.Headers.TryAddWithoutValidation("Range", range);
        }

        Assert.Equal(expected, UploadRange.Read(response, acknowledged, sent));
    }
}
