using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DevOps.Registry.Server;

/// <summary>Answers as if the credentials were good no more.</summary>
internal sealed class ExpiredTokenEffect : IFaultEffect
{
    public bool Fits(FaultRequest request) => request.Faults.Authorizer is null || request.HasCredentials;

    public async Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        HttpContext context = request.Context;
        RegistryAccessRequest asked = new(context, request.Repository, RegistryGuard.ActionsOf(request.Route.Resource, request.Method));
        context.Response.Headers.WWWAuthenticate = request.Faults.Authorizer switch
        {
            BearerAuthorizer bearer => new StringValues([.. bearer.Challenge(asked, "invalid_token").Challenges]),
            null => ChallengeText.Bearer($"{context.Request.Scheme}://{context.Request.Host}{request.Faults.TokenPath}", "registry", ChallengeText.Scope(asked), "invalid_token"),
            _ => ChallengeText.Basic("registry"),
        };
        await new RegistryError(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "a fault that was put in: the credentials are good no more").WriteAsync(context).ConfigureAwait(false);
    }
}
