using System.Net;
using Cli;
using DevOps.Oci;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(ListenAddress.Default, "127.0.0.1:5000", "localhost:4000")]
    [InlineData("localhost:0", "127.0.0.1:0", "localhost:4000")]
    [InlineData("127.0.0.1:5000", "127.0.0.1:5000", "127.0.0.1:4000")]
    [InlineData("[::1]:5000", "[::1]:5000", "127.0.0.1:4000")]
    [InlineData(":5000", "0.0.0.0:5000", "127.0.0.1:4000")]
    public void Parse_Address_IsToldAsItWasWritten(string text, string endpoint, string told)
    {
        ListenAddress address = ListenAddress.Parse(text);

        Assert.Equal(IPEndPoint.Parse(endpoint), address.Endpoint);
        Assert.Equal(told, address.Told(RegistryAddress.Parse("127.0.0.1:4000")));
    }

    [Fact]
    public void OfPort_Port_IsOfLocalhost() => Assert.Equal("localhost:7", ListenAddress.OfPort("7").ToString());

    [Theory]
    [InlineData("5000")]
    [InlineData("localhost")]
    [InlineData("localhost:x")]
    [InlineData("127.0.0.1")]
    [InlineData("example.com:5000")]
    public void Parse_NowhereToListen_IsRefused(string text) => Assert.Throws<UsageException>(() => ListenAddress.Parse(text));
}
