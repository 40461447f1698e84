using System.Net;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>The way to registries behind one address that share no uploads: a session is known for its first chunk, and unknown from then on. Forbids what never ends.</summary>
internal sealed class ForgetfulRegistry() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private const int TooMany = 40;

    private readonly HashSet<string> _used = [];

    /// <summary>Gets how many sessions were opened.</summary>
    internal int SessionCount { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpStatusCode? refused = request.Method == HttpMethod.Post && ++SessionCount > TooMany ? HttpStatusCode.Forbidden
            : request.Method == HttpMethod.Patch && !_used.Add(request.RequestUri!.AbsolutePath) ? HttpStatusCode.NotFound
            : request.Method == HttpMethod.Get && _used.Contains(request.RequestUri!.AbsolutePath) ? HttpStatusCode.NotFound
            : null;
        if (refused is null)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        HttpResponseMessage answer = ScriptedHandler.Answer(refused.Value);
        answer.RequestMessage = request;
        return answer;
    }
}
