using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>How a request goes wrong.</summary>
internal interface IFaultEffect
{
    /// <summary>Refuses to be put into a registry in which the fault has no meaning.</summary>
    /// <exception cref="InvalidOperationException">It has none there.</exception>
    void Check(RegistryFaults faults)
    {
    }

    /// <summary>Gets whether the fault has a meaning for a request.</summary>
    bool Fits(FaultRequest request) => true;

    Task InvokeAsync(FaultRequest request, RequestDelegate next);
}
