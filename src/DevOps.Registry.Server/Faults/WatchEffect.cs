using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Nothing goes wrong.</summary>
internal sealed class WatchEffect : IFaultEffect
{
    public Task InvokeAsync(FaultRequest request, RequestDelegate next) => next(request.Context);
}
