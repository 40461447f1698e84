using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>How a request goes wrong.</summary>
internal interface IFaultEffect
{
    /// <summary>Gets whether the fault has a meaning for a request.</summary>
    bool Fits(FaultRequest request) => true;

    Task InvokeAsync(FaultRequest request, RequestDelegate next);
}
