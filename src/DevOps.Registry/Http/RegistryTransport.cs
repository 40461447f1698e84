using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using DevOps.Oci;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace DevOps.Registry;

/// <summary>Sends requests: finds each registry's address, proves who asks, repeats what failed for a moment, follows redirects without credentials.</summary>
internal sealed partial class RegistryTransport : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly RegistryConnections _connections;
    private readonly HostPauses _pauses;
    private readonly RegistryEndpoints _endpoints;
    private readonly RegistryAuthorization _authorization;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;
    private readonly HostSlots _slots;
    private readonly RegistryWarnings _warnings;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;

    internal RegistryTransport(RegistryClientOptions options)
    {
        _connections = new(options);
        _pauses = new(options.TimeProvider, options.MaxRetryDelay);
        _endpoints = new(_connections, options);
        _authorization = new(_connections, options.Credentials, _pauses, options.TimeProvider);
        _slots = new(options);
        _warnings = new(options);
        LeftSessions = new(options.TimeProvider);
        Abilities = new(options.TimeProvider);
        Mirrors = new(options, (request, cancellationToken) => SendAsync(request, ResiliencePipeline<HttpResponseMessage>.Empty, cancellationToken));
        Options = options;
        _logger = options.Logger;
        _time = options.TimeProvider;
        _retries = NewRetries(options);
    }

    internal RegistryClientOptions Options { get; }

    internal TimeProvider TimeProvider => _time;

    internal ILogger Logger => _logger;

    /// <summary>Gets the mirrors of registries.</summary>
    internal PullMirrors Mirrors { get; }

    /// <summary>Gets what the registries turned out to be able to do.</summary>
    internal RegistryAbilities Abilities { get; }

    /// <summary>Gets the sessions that mounts left open.</summary>
    internal LeftSessions LeftSessions { get; }

    /// <summary>Gets what lets one writer of this client at a time change a list of referrers.</summary>
    internal ConcurrentDictionary<string, SemaphoreSlim> ReferrersLocks { get; } = new(StringComparer.Ordinal);

    public void Dispose() => _connections.Dispose();

    /// <summary>Returns the address of a registry, as it is found at the first request.</summary>
    internal Task<Uri> FindRootAsync(RegistryAddress registry, CancellationToken cancellationToken) => _endpoints.FindAsync(registry, cancellationToken).AsTask();

    /// <summary>Waits for a slot to read a blob: the one who opens it takes it before, and holds it.</summary>
    internal ValueTask<ReadSlot> EnterToReadAsync(RegistryAddress registry, CancellationToken cancellationToken) => _slots.EnterToReadAsync(registry, cancellationToken);

    /// <summary>Waits for a slot to write a blob that takes several requests, of which none takes a slot of its own. The one who releases the semaphore gives it back.</summary>
    internal ValueTask<SemaphoreSlim> EnterToWriteAsync(RegistryAddress registry, CancellationToken cancellationToken) => _slots.EnterAsync(registry, SlotKind.Write, cancellationToken);

    /// <summary>Sends a request, to a mirror first where one may answer it, and returns the answer as soon as its headers are there, whatever its status.</summary>
    /// <exception cref="RegistryException">No answer came.</exception>
    internal async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken) =>
        await Mirrors.TryAsync(request, cancellationToken).ConfigureAwait(false) ?? await SendAsync(request, _retries, cancellationToken).ConfigureAwait(false);

    private async Task<HttpResponseMessage> SendAsync(RegistryRequest request, ResiliencePipeline<HttpResponseMessage> retries, CancellationToken cancellationToken)
    {
        try
        {
            Uri root = await _endpoints.FindAsync(request.Registry, cancellationToken).ConfigureAwait(false);
            int tries = 0;
            return request is { IsReplayable: true, IsRetried: true }
                ? await retries.ExecuteAsync(
                    async token =>
                    {
                        if (tries++ > 0)
                        {
                            RegistryCounts.Retry(request.Registry, "request");
                        }

                        return await AuthorizedAsync(request, root, token).ConfigureAwait(false);
                    },
                    cancellationToken).ConfigureAwait(false)
                : await AuthorizedAsync(request, root, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw RegistryErrors.NoAnswer(request, e);
        }
        catch (RefusedAddressException e)
        {
            throw RegistryErrors.Refused(request, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw RegistryErrors.NoAnswer(request, e);
        }
    }

    private async Task<HttpResponseMessage> AuthorizedAsync(RegistryRequest request, Uri root, CancellationToken cancellationToken)
    {
        AuthenticationHeaderValue? header = await _authorization.FindAsync(request, root, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await FollowAsync(request, root, header, cancellationToken).ConfigureAwait(false);
        // Only the registry itself may ask who we are: an answer from where it redirected to would lead its credentials elsewhere.
        if (response.StatusCode != HttpStatusCode.Unauthorized || !request.IsReplayable || !IsSameOrigin(response.RequestMessage!.RequestUri!, root))
        {
            _authorization.Explain(request, response);
            return response;
        }

        AuthenticationHeaderValue? fresh;
        try
        {
            fresh = await _authorization.AnswerAsync(request, root, response, header, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (fresh is null)
        {
            _authorization.Explain(request, response);
            return response;
        }

        response.Dispose();
        response = await FollowAsync(request, root, fresh, cancellationToken).ConfigureAwait(false);
        _authorization.Explain(request, response);
        return response;
    }

    private async Task<HttpResponseMessage> FollowAsync(RegistryRequest request, Uri root, AuthenticationHeaderValue? header, CancellationToken cancellationToken)
    {
        Uri address = AddressOf(request, root);
        for (int redirects = 0; ; redirects++)
        {
            // What once led away stays without credentials, also where it leads back: another host chose that address.
            header = IsSameOrigin(address, root) ? header : null;
            HttpResponseMessage response = await SendOnceAsync(request, root, address, header, cancellationToken).ConfigureAwait(false);
            if (IsSameOrigin(address, root))
            {
                _warnings.Report(request.Registry, response);
            }

            if (!request.FollowsRedirects || (int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            address = redirects < MaxRedirects
                ? NextAddress.From(request, address, location.OriginalString)
                : throw new RegistryException(request.Operation, request.Registry.ToString(), $"it redirected more than {MaxRedirects} times", "Report this to the operator of the registry.");
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, Uri root, Uri address, AuthenticationHeaderValue? header, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(request.Method, address) { Version = HttpVersion.Version11 };
        message.Headers.Authorization = header;
        foreach (string type in request.Accept)
        {
            message.Headers.Accept.ParseAdd(type);
        }

        if (request.Range is (long first, long last))
        {
            message.Headers.Range = new(first, last);
        }

        if (request.IfMatch is { } entityTag)
        {
            message.Headers.TryAddWithoutValidation("If-Match", entityTag);
        }

        SemaphoreSlim? slot = await EnterAsync(request, address, cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendNowAsync(request, root, message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            slot?.Release();
        }
    }

    private async ValueTask<SemaphoreSlim?> EnterAsync(RegistryRequest request, Uri address, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _pauses.WaitAsync(address, cancellationToken).ConfigureAwait(false);
            if (request.HoldsSlot)
            {
                return null;
            }

            SemaphoreSlim slot = await _slots.EnterAsync(request.Registry, request is { Upload: null, Streamed: null } ? SlotKind.Ask : SlotKind.Write, cancellationToken).ConfigureAwait(false);
            if (!_pauses.Holds(address))
            {
                return slot;
            }

            // The host asked for rest while others stood in line for a slot.
            slot.Release();
        }
    }

    private async Task<HttpResponseMessage> SendNowAsync(RegistryRequest request, Uri root, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        Uri address = message.RequestUri!;
        BoundedBody.Limit(message, _time, Options.NoProgressTimeout);
        using SilenceLimit silence = new(_time, Options.NoProgressTimeout);
        MovedBytes moved = MovedBytes.Pushed(request);
        message.Content = request.Streamed is { } streamed ? new StreamedContent(streamed, silence, moved)
            : request.Upload is { } upload ? new UploadContent(upload, silence, moved)
            : request.Body?.Invoke();
        if (message.Content is { Headers.ContentLength: null or > 1 << 20 })
        {
            // An early refusal then comes as an answer and not as a broken connection.
            message.Headers.ExpectContinue = true;
        }

        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource? late = request.OpensSession ? new(Timeout.InfiniteTimeSpan, _time) : null;
        using CancellationTokenRegistration stop = late is null ? default : cancellationToken.UnsafeRegister(static late => ((CancellationTokenSource)late!).CancelAfter(UploadRequests.HearOutTimeout), late);
        try
        {
            CancellationToken limit = silence.Begin(late?.Token ?? cancellationToken);
            HttpResponseMessage response = await _connections.For(root, address).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit).ConfigureAwait(false);
            _pauses.Note(address, response);
            RegistryCounts.Request(request, response.StatusCode);
            moved.Add(request.Body is not null ? message.Content?.Headers.ContentLength ?? 0 : 0);
            return response;
        }
        catch (Exception e)
        {
            RegistryCounts.Request(request, e);
            if (message.Content is StoppableContent content)
            {
                // A body may go on being read behind a connection that broke, and what comes next reads it again.
                await content.StopAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    // A mirror of several registries is told which one is meant.
    private static Uri AddressOf(RegistryRequest request, Uri root) =>
        request.Address ?? new(root, request.MirrorOf is { } registry ? $"{request.Path}{(request.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}ns={Uri.EscapeDataString(registry.ToString())}" : request.Path);

    internal static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private ResiliencePipeline<HttpResponseMessage> NewRetries(RegistryClientOptions options)
    {
        ResiliencePipelineBuilder<HttpResponseMessage> builder = new() { TimeProvider = options.TimeProvider };
        return options.MaxRetries == 0 ? builder.Build() : builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = options.MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = options.MaxRetryDelay,
            UseJitter = true,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
            {
                { Exception: HttpRequestException { InnerException: RefusedAddressException } } => false,

                // A token service that failed for a moment.
                { Exception: RegistryException { IsTransient: true, StatusCode: not null } } => true,
                { Exception: HttpRequestException e } => e.HttpRequestError is not (HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError),

                // Of a token service: an answer of the registry itself is no exception here.
                { Exception: RegistryException { InnerException: IOException or HttpRequestException } } => true,
                { Exception: RegistryException { StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } } => true,
                { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
                { Result.StatusCode: HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => true,
                _ => false,
            }),
            DelayGenerator = args => ValueTask.FromResult(_pauses.AskedFor(args.Outcome.Result)),
            OnRetry = args =>
            {
                LogRetry(_logger, args.AttemptNumber + 1, args.RetryDelay, (int?)args.Outcome.Result?.StatusCode, args.Outcome.Exception);
                args.Outcome.Result?.Dispose();
                return default;
            },
        }).Build();
    }

    /// <summary>Tells that a transfer goes on after a break.</summary>
    internal void NoteResume(RegistryAddress registry, string origin, string operation, long offset, Exception cause)
    {
        RegistryCounts.Retry(registry, "transfer");
        LogResume(_logger, origin, operation, offset, cause.Message);
    }

    [LoggerMessage(LogLevel.Information, "{Origin}: {Operation} goes on at byte {Offset}: {Cause}")]
    private static partial void LogResume(ILogger logger, string origin, string operation, long offset, string cause);

    [LoggerMessage(LogLevel.Information, "Try {Attempt} after {Delay}: status {Status}")]
    private static partial void LogRetry(ILogger logger, int attempt, TimeSpan delay, int? status, Exception? exception);
}
