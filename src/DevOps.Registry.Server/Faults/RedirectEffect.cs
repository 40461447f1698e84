using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Sends the client elsewhere.</summary>
internal sealed class RedirectEffect(Uri? origin) : IFaultEffect
{
    private const string Mark = "redirected";

    public bool Fits(FaultRequest request) => !request.Context.Request.Query.ContainsKey(Mark);

    public Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        HttpRequest asked = request.Context.Request;
        string target = asked.PathBase.Add(asked.Path).ToUriComponent() + asked.QueryString.ToUriComponent();
        request.Context.Response.Headers.Location = origin is null
            ? $"{target}{(asked.QueryString.HasValue ? '&' : '?')}{Mark}=1"
            : origin.GetLeftPart(UriPartial.Authority) + target;
        RegistryAnswer.Empty(request.Context, StatusCodes.Status307TemporaryRedirect);
        return Task.CompletedTask;
    }
}
