using System.Net;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Http;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Http;

/// <summary>A client of a registry that is a script.</summary>
internal sealed class RegistryFixture : IDisposable
{
    internal const string Host = "registry.example";
    internal const string Password = "pa55-word-of-a-test";
    internal const string IdentityToken = "identity-token-of-a-test";

    private readonly RegistryClient _client;

    internal RegistryFixture(Func<SentRequest, HttpResponseMessage> answer, Func<RegistryClientOptions, RegistryClientOptions>? configure = null, string registry = Host)
    {
        Handler = new(answer);
        RegistryClientOptions options = new() { Handler = Handler, TimeProvider = Clock, Logger = Log, MaxRetries = 0 };
        _client = new(configure?.Invoke(options) ?? options);
        Address = RegistryAddress.Parse(registry);
        Repository = _client.GetRepository(Address, RepositoryName.Parse("team/api"));
    }

    internal static Descriptor Manifest { get; } = ImageIndex.Create().Descriptor;

    internal static byte[] ManifestBytes { get; } = ImageIndex.Create().RawBytes.ToArray();

    internal static byte[] BlobBytes { get; } = "a blob"u8.ToArray();

    internal static Descriptor Blob { get; } = Descriptor.ForContent(MediaTypes.LayerGzip, BlobBytes);

    internal ScriptedHandler Handler { get; }

    internal VirtualTimeProvider Clock { get; } = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    internal RecordingLogger Log { get; } = new();

    internal RegistryClient Client => _client;

    internal RegistryAddress Address { get; }

    internal RemoteRepository Repository { get; }

    internal IReadOnlyList<SentRequest> Requests => Handler.Requests;

    internal static Func<RegistryClientOptions, RegistryClientOptions> With(Credential credential, string registry = Host) =>
        options => options with { Credentials = new FixedCredentials().Add(RegistryAddress.Parse(registry), credential) };

    internal static HttpResponseMessage Found() => ScriptedHandler.Answer(
        HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(ManifestBytes), MediaTypes.ImageIndex, ("Docker-Content-Digest", Manifest.Digest.ToString()));

    internal static HttpResponseMessage Challenge(params string[] challenges) =>
        ScriptedHandler.Answer(HttpStatusCode.Unauthorized, headers: [.. challenges.Select(challenge => ("WWW-Authenticate", challenge))]);

    internal ValueTask<Descriptor?> ResolveAsync() => Repository.ResolveAsync("latest", TestContext.Current.CancellationToken);

    /// <summary>Nothing that people read may hold a secret.</summary>
    internal void AssertNoSecrets(Exception? error = null)
    {
        foreach (string text in Log.Entries.Append(error?.ToString() ?? ""))
        {
            foreach (string secret in (string[])[Password, IdentityToken, "secret-token", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("user:" + Password))])
            {
                Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            }
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        Handler.Dispose();
    }
}
