using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>What goes wrong in a <see cref="RegistryHost"/>, so that a client's answer to it can be tested. Nothing does at first. Safe for use by several threads.</summary>
/// <remarks>
/// Faults are tried in the order in which they were added. The first that fits a request and whose turn it is happens to it, and no later one sees it; so two faults for one request each
/// happen one after the other. <see cref="Fault.Watch"/> leaves a request to the others.
/// </remarks>
public sealed class RegistryFaults
{
    private readonly Lock _lock = new();
    private readonly List<InjectedFault> _faults = [];
    private readonly List<FaultHit> _hits = [];

    internal RegistryFaults(IRegistryAuthorizer? authorizer, TimeProvider timeProvider) => (Authorizer, TimeProvider) = (authorizer, timeProvider);

    /// <summary>Gets the requests that met a fault, in the order in which they came. Kept until <see cref="Clear"/>.</summary>
    public IReadOnlyList<FaultHit> Hits
    {
        get
        {
            lock (_lock)
            {
                return [.. _hits];
            }
        }
    }

    internal IRegistryAuthorizer? Authorizer { get; }

    internal TimeProvider TimeProvider { get; }

    internal string TokenPath => Authorizer is BearerAuthorizer bearer ? bearer.Options.Path : RegistryTokenOptions.Default.Path;

    /// <summary>Puts a fault in, for the requests that come from now on.</summary>
    /// <param name="fault">The fault. It may be put in several times; each counts for itself.</param>
    /// <returns>The fault in this registry, which counts its requests and can be taken out.</returns>
    /// <exception cref="InvalidOperationException">The fault is <see cref="Fault.ExpiredToken"/>, and the registry asks for no credentials.</exception>
    public InjectedFault Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        fault.Effect.Check(this);
        InjectedFault injected = new(this, fault);
        lock (_lock)
        {
            _faults.Add(injected);
        }

        return injected;
    }

    /// <summary>Takes all faults out, and forgets the hits. <see cref="InjectedFault.Remove"/> takes one out.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _faults.Clear();
            _hits.Clear();
        }
    }

    internal void Remove(InjectedFault fault)
    {
        lock (_lock)
        {
            _faults.Remove(fault);
        }
    }

    internal int CountHits(InjectedFault fault)
    {
        lock (_lock)
        {
            return fault.MetCount;
        }
    }

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        FaultRequest request = FaultRequest.Create(context, this);
        if (Meet(request) is not { } fault)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        try
        {
            await fault.Effect.InvokeAsync(request, next).ConfigureAwait(false);
        }
        catch (FaultDropException)
        {
            // The answer has fewer bytes than it said: the server ends the connection behind it.
        }
    }

    private Fault? Meet(FaultRequest request)
    {
        lock (_lock)
        {
            foreach (InjectedFault injected in _faults)
            {
                Fault fault = injected.Fault;
                if (!fault.Fits(request) || injected.MetCount == fault.Count || ++injected.SeenCount < fault.FirstRequest)
                {
                    continue;
                }

                injected.MetCount++;
                _hits.Add(request.ToHit(injected));
                if (!fault.IsPassive)
                {
                    return fault;
                }
            }

            return null;
        }
    }
}
