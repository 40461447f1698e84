using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using DevOps.Oci;
using DevOps.Testing;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry.Server.Tests;

/// <summary>A running registry and a plain HTTP client, so that tests see exactly what goes over the wire.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly RegistryHostOptions _options;
    private RegistryHost _host;

    private ServerFixture(TemporaryDirectory directory, RegistryHostOptions options, RegistryHost host) => (_directory, _options, _host) = (directory, options, host);

    internal RegistryFaults Faults => _host.Faults;

    internal HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    internal RegistryAddress Address => _host.Address;

    internal RegistryStorage Storage => _host.Storage;

    internal string DataPath => _directory.PathOf("registry");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<ServerFixture> StartAsync(Func<RegistryHostOptions, RegistryHostOptions>? configure = null, ILoggerFactory? loggers = null)
    {
        TemporaryDirectory directory = TemporaryDirectory.Create();
        RegistryHostOptions options = new() { Directory = directory.PathOf("registry") };
        options = configure?.Invoke(options) ?? options;
        return new(directory, options, await RegistryHost.StartAsync(options, loggers, Cancellation));
    }

    internal async Task RestartAsync()
    {
        await _host.DisposeAsync();
        _host = await RegistryHost.StartAsync(_options, cancellationToken: Cancellation);
    }

    /// <summary>Sends a request to a path exactly as it is written, or to an address the registry gave.</summary>
    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        Uri address = new(path.StartsWith('/') ? $"http://{Address}{path}" : path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using HttpRequestMessage request = new(method, address) { Content = body };
        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                Assert.True(body?.Headers.TryAddWithoutValidation(name, value), name);
            }
        }

        return await Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, Cancellation);
    }

    internal Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    internal async Task<byte[]> GetBytesAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(Cancellation);
    }

    internal async Task<JsonObject> GetJsonAsync(string path) => (JsonObject)JsonNode.Parse(await GetBytesAsync(path))!;

    internal async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
    {
        using HttpResponseMessage response = await SendAsync(method, path);
        return response.StatusCode;
    }

    /// <summary>Opens an upload and returns its path.</summary>
    internal async Task<string> OpenUploadAsync(string repository)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/", Body(""));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        string location = Header(response, "Location");
        Assert.Matches($"^/v2/{repository}/blobs/uploads/[A-Za-z0-9_-]+$", location);
        return location;
    }

    internal async Task<Digest> PushBlobAsync(string repository, string content)
    {
        Digest digest = Digest.Compute(Encoding.UTF8.GetBytes(content));
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/?digest={digest}", Body(content));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return digest;
    }

    internal async Task<HttpResponseMessage> PutManifestAsync(string repository, string reference, ManifestDocument manifest)
    {
        ByteArrayContent body = new(manifest.RawBytes.ToArray()) { Headers = { ContentType = new(manifest.MediaType) } };
        return await SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", body);
    }

    internal async Task PushManifestAsync(string repository, string reference, ManifestDocument manifest)
    {
        using HttpResponseMessage response = await PutManifestAsync(repository, reference, manifest);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    /// <summary>Pushes an artifact whose configuration is the empty object.</summary>
    internal async Task<ImageManifest> PushArtifactAsync(string repository, string reference, string name, Descriptor? subject = null, string? artifactType = null)
    {
        await PushBlobAsync(repository, "{}");
        ImageManifest manifest = Artifact(name, subject, artifactType);
        await PushManifestAsync(repository, reference, manifest);
        return manifest;
    }

    internal static ImageManifest Artifact(string name, Descriptor? subject = null, string? artifactType = null) =>
        ImageManifest.Create(Descriptor.ForContent(MediaTypes.EmptyJson, "{}"u8)).Edit(tree =>
        {
            tree["annotations"] = new JsonObject { ["name"] = name };
            if (subject is not null)
            {
                tree["subject"] = subject.ToJson();
            }

            if (artifactType is not null)
            {
                tree["artifactType"] = artifactType;
            }
        });

    internal static ByteArrayContent Body(string text) => Body(Encoding.UTF8.GetBytes(text));

    internal static ByteArrayContent Body(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    internal static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(" | ", values) : "none";

    /// <summary>Checks the shape of an error. Source: OCI distribution-spec 1.1, "Error Codes".</summary>
    internal static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", Header(response, "Content-Type"));
        JsonObject body = (JsonObject)JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation))!;
        JsonNode error = Assert.Single((JsonArray)body["errors"]!)!;
        Assert.Equal(code, (string?)error["code"]);
        Assert.False(string.IsNullOrEmpty((string?)error["message"]));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        _directory.Dispose();
    }
}
