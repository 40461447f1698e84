using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DevOps.Registry.Server;

/// <summary>Answers as if the credentials were good no more.</summary>
internal sealed class ExpiredTokenEffect : IFaultEffect
{
    // The challenge would send clients to a token service that is not there, and they would ask it for ever.
    public void Check(RegistryFaults faults)
    {
        if (faults.Authorizer is null or AnonymousAuthorizer)
        {
            throw new InvalidOperationException(
                "Fault.ExpiredToken needs a registry that asks for credentials, and this one asks for none: give RegistryHostOptions.Authorizer a BearerAuthorizer, which hands out tokens, or a BasicAuthorizer.");
        }
    }

    public bool Fits(FaultRequest request) => request.HasCredentials;

    public async Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        HttpContext context = request.Context;
        RegistryAccessRequest asked = new(context, request.Repository, RegistryGuard.ActionsOf(request.Route.Resource, request.Method));
        context.Response.Headers.WWWAuthenticate = request.Faults.Authorizer switch
        {
            BearerAuthorizer bearer => new StringValues([.. bearer.Challenge(asked, "invalid_token").Challenges]),
            _ => ChallengeText.Basic("registry"),
        };
        await new RegistryError(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "a fault that was put in: the credentials are good no more").WriteAsync(context).ConfigureAwait(false);
    }
}
