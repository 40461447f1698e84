using System.Net;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Answers with an error, and asks the registry nothing.</summary>
internal sealed class AnswerEffect(HttpStatusCode status, string? retryAfter) : IFaultEffect
{
    public Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        if (retryAfter is not null)
        {
            request.Context.Response.Headers.RetryAfter = retryAfter;
        }

        string code = status switch
        {
            HttpStatusCode.TooManyRequests => "TOOMANYREQUESTS",
            HttpStatusCode.ServiceUnavailable => "UNAVAILABLE",
            HttpStatusCode.Unauthorized => "UNAUTHORIZED",
            HttpStatusCode.Forbidden => "DENIED",
            _ => "UNKNOWN",
        };
        return new RegistryError((int)status, code, "a fault that was put in").WriteAsync(request.Context);
    }
}
