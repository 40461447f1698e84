using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace DevOps.Pipelines.Tests;

public sealed class SecretTests
{
    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    private readonly Secret _secret = new("s3cret-text", "TOKEN");

    private sealed record Login(string User, Secret Password);

    [Fact]
    public void Reveal_ReturnsTheText() => Assert.Equal("s3cret-text", _secret.Reveal());

    [Fact]
    public void ToString_ShowsAMask()
    {
        Assert.Equal("***", _secret.ToString());
        Assert.Equal("password: ***", $"password: {_secret}");
        Assert.Equal("Login { User = me, Password = *** }", new Login("me", _secret).ToString());
    }

    [Fact]
    public void Serialize_AsJson_DoesNotShowTheText()
    {
        string json = JsonSerializer.Serialize(new Login("me", _secret), WithFields);

        Assert.Equal("""{"User":"me","Password":{"Name":"TOKEN"}}""", json);
    }

    // A debugger shows the display text, and all properties and fields that are not hidden from it.
    [Fact]
    public void Debugger_SeesNoText()
    {
        Assert.Equal("***", typeof(Secret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        Assert.All(
            typeof(Secret).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Where(field => "s3cret-text".Equals(field.GetValue(_secret))),
            field => Assert.Equal(DebuggerBrowsableState.Never, field.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State));
        Assert.All(typeof(Secret).GetProperties(), property => Assert.NotEqual("s3cret-text", property.GetValue(_secret)));
    }

    [Fact]
    public void Equals_ComparesTheTextsOnly()
    {
        Assert.Equal(_secret, new Secret("s3cret-text", "OTHER"));
        Assert.Equal(_secret.GetHashCode(), new Secret("s3cret-text").GetHashCode());
        Assert.NotEqual(_secret, new Secret("s3cret-texT", "TOKEN"));
        Assert.NotEqual(_secret, new Secret("s3cret-text ", "TOKEN"));
        Assert.False(_secret.Equals(null));
        Assert.False(_secret.Equals((object)"s3cret-text"));
    }

    [Fact]
    public void Constructor_NoText_Throws() => Assert.Throws<ArgumentNullException>(() => new Secret(null!));
}
