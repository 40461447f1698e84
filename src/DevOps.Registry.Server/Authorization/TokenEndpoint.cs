using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DevOps.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DevOps.Registry.Server;

/// <summary>Gives out tokens: to GET with Basic credentials or none, and to an OAuth2 POST with a password.</summary>
/// <remarks>Source: the distribution project's token authentication specification and OAuth2 token authentication; RFC 6749, sections 4.3, 5.1 and 5.2.</remarks>
internal sealed class TokenEndpoint(BearerAuthorizer authorizer)
{
    private const int MaxScopes = 64;
    private const int MaxFormBytes = 1 << 16;

    internal async Task HandleAsync(HttpContext context)
    {
        // A token is nobody else's, and not good for long.
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await (HttpMethods.IsGet(context.Request.Method) ? GetAsync(context)
                : HttpMethods.IsPost(context.Request.Method) ? PostAsync(context)
                : throw RegistryError.Unsupported).ConfigureAwait(false);
        }
        catch (RegistryError error) when (!context.Response.HasStarted)
        {
            if (error.Status == StatusCodes.Status405MethodNotAllowed)
            {
                context.Response.Headers.Allow = "GET, POST";
            }

            await error.WriteAsync(context).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, e.StatusCode, "invalid_request", "the form cannot be read").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
    }

    private async Task GetAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        CheckService(query["service"]);
        IReadOnlyList<RegistryScope> scopes = ReadScopes(query["scope"]);
        string? userName = null;
        if (RequestCredential.IsSent(context.Request))
        {
            if (RequestCredential.Read(context.Request) is not Credential { UserName: { } name, Password: { } password })
            {
                throw Unauthorized(context);
            }

            await CheckPasswordAsync(context, name, password).ConfigureAwait(false);
            userName = name;
        }

        RegistryTokenAnswer answer = await authorizer.IssueAsync(userName, scopes, context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, StatusCodes.Status200OK, Body(answer)).ConfigureAwait(false);
    }

    private async Task PostAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxFormBytes;
        }

        string mediaType = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!mediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_request", "the body is not a form").ConfigureAwait(false);
            return;
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(new FormOptions { BufferBodyLengthLimit = MaxFormBytes }, context.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_request", "the form cannot be read").ConfigureAwait(false);
            return;
        }

        if (form["grant_type"] != "password" || form["username"] is not [{ Length: > 0 } userName] || form["password"] is not [{ } password])
        {
            string error = form["grant_type"] == "password" ? "invalid_request" : "unsupported_grant_type";
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error, "tokens are given for grant_type=password, with username and password").ConfigureAwait(false);
            return;
        }

        CheckService(form["service"]);
        IReadOnlyList<RegistryScope> scopes = ReadScopes(form["scope"]);
        await CheckPasswordAsync(context, userName, password).ConfigureAwait(false);
        RegistryTokenAnswer answer = await authorizer.IssueAsync(userName, scopes, context.RequestAborted).ConfigureAwait(false);
        JsonObject body = Body(answer);
        body["token_type"] = "Bearer";
        body["scope"] = answer.ScopeText;
        await WriteAsync(context, StatusCodes.Status200OK, body).ConfigureAwait(false);
    }

    private void CheckService(string? service)
    {
        if (!string.IsNullOrEmpty(service) && service != authorizer.Options.Service)
        {
            throw new RegistryError(StatusCodes.Status400BadRequest, "UNSUPPORTED", "tokens for this service are not given here");
        }
    }

    private static IReadOnlyList<RegistryScope> ReadScopes(IEnumerable<string?> values)
    {
        IReadOnlyList<RegistryScope> scopes = RegistryScope.Parse(values);
        return scopes.Count <= MaxScopes ? scopes
            : throw new RegistryError(StatusCodes.Status400BadRequest, "UNSUPPORTED", $"a token is good for at most {MaxScopes} repositories");
    }

    private async Task CheckPasswordAsync(HttpContext context, string userName, string password)
    {
        switch (await authorizer.Users.VerifyAsync(userName, password, context.RequestAborted).ConfigureAwait(false))
        {
            case PasswordVerdict.Busy:
                throw RegistryGuard.Busy(context, TimeSpan.FromSeconds(1));
            case PasswordVerdict.Rejected:
                throw Unauthorized(context);
        }
    }

    private RegistryError Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = ChallengeText.Basic(authorizer.Options.Service);
        return new(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "the name or the password is wrong");
    }

    private static JsonObject Body(RegistryTokenAnswer answer) => new()
    {
        ["token"] = answer.Token,
        ["access_token"] = answer.Token,
        ["expires_in"] = (long)answer.Lifetime.TotalSeconds,
        ["issued_at"] = answer.IssuedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private static Task RefuseAsync(HttpContext context, int status, string error, string description) =>
        WriteAsync(context, status, new() { ["error"] = error, ["error_description"] = description });

    private static Task WriteAsync(HttpContext context, int status, JsonObject body) =>
        RegistryAnswer.JsonAsync(context, status, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()));
}
