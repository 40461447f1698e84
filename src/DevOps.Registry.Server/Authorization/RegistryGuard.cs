using System.Globalization;
using DevOps.Oci;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DevOps.Registry.Server;

/// <summary>Stands before everything a registry does: no path leads to content around it.</summary>
internal sealed class RegistryGuard(RegistryEndpointOptions options)
{
    private static readonly object UserKey = new();

    /// <summary>Returns what a request asks for. A method without a meaning asks to read, so that only who may read is told that it has none.</summary>
    internal static RegistryActions ActionsOf(RegistryResource resource, string method) => resource switch
    {
        RegistryResource.Ping => RegistryActions.None,
        RegistryResource.Catalog => RegistryActions.Catalog,
        RegistryResource.Uploads or RegistryResource.Upload => RegistryActions.Push,
        RegistryResource.Manifest when HttpMethods.IsPut(method) => RegistryActions.Push,
        RegistryResource.Manifest or RegistryResource.Blob when HttpMethods.IsDelete(method) => RegistryActions.Delete,
        _ => RegistryActions.Pull,
    };

    /// <summary>Returns the user of a request that was let through, if one is known.</summary>
    internal static string? UserOf(HttpContext context) =>
        context.Items[UserKey] as string ?? (context.User.Identity is { IsAuthenticated: true } identity ? identity.Name : null);

    internal static RegistryError Busy(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return new(StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS", "too many credentials are being checked just now");
    }

    /// <summary>Lets a request through, or throws the answer to it.</summary>
    internal Task DemandAsync(HttpContext context, RegistryRoute route)
    {
        RepositoryName? source = route.Resource is RegistryResource.Uploads && RepositoryName.TryParse(context.Request.Query["from"], out RepositoryName? from) ? from : null;
        return DemandAsync(new(context, route.Repository, ActionsOf(route.Resource, context.Request.Method)) { MountSource = source });
    }

    /// <summary>Lets a request through that changes what a name stands for, or throws the answer to it.</summary>
    internal Task DemandOverwriteAsync(HttpContext context, RepositoryName repository) => DemandAsync(new(context, repository, RegistryActions.Push | RegistryActions.Overwrite));

    /// <summary>Returns whether content may be taken over from a repository. Whatever the reason is if not, the answer must look as if the content were not there.</summary>
    internal async ValueTask<bool> AllowsMountAsync(HttpContext context, RepositoryName from)
    {
        bool isAsked = options.AllowsMountFrom is { } allows ? await allows(context, from).ConfigureAwait(false) : options.Authorizer is not null;
        return isAsked && await AllowsAsync(new(context, from, RegistryActions.Pull)).ConfigureAwait(false);
    }

    /// <summary>Returns the first names that the caller may see, and asks about no more than that takes.</summary>
    internal async Task<IReadOnlyList<string>> FilterCatalogAsync(HttpContext context, IEnumerable<string> names, int count)
    {
        if (options.Authorizer is null)
        {
            return [.. names.Take(count)];
        }

        List<string> seen = [];
        foreach (string name in names)
        {
            if (seen.Count == count)
            {
                break;
            }

            if (RepositoryName.TryParse(name, out RepositoryName? repository) && await AllowsAsync(new(context, repository, RegistryActions.Catalog)).ConfigureAwait(false))
            {
                seen.Add(name);
            }
        }

        return seen;
    }

    private async ValueTask<bool> AllowsAsync(RegistryAccessRequest request) =>
        options.Authorizer is not { } authorizer
        || (await authorizer.AuthorizeAsync(request, request.HttpContext.RequestAborted).ConfigureAwait(false)).Outcome is RegistryAccessOutcome.Allowed;

    private async Task DemandAsync(RegistryAccessRequest request)
    {
        if (options.Authorizer is not { } authorizer)
        {
            return;
        }

        RegistryAccess access = await authorizer.AuthorizeAsync(request, request.HttpContext.RequestAborted).ConfigureAwait(false);
        switch (access.Outcome)
        {
            case RegistryAccessOutcome.Allowed:
                request.HttpContext.Items[UserKey] = access.UserName;
                return;
            case RegistryAccessOutcome.Busy:
                throw Busy(request.HttpContext, access.RetryAfter);
            case RegistryAccessOutcome.Challenged:
                request.HttpContext.Response.Headers.WWWAuthenticate = new StringValues([.. access.Challenges]);
                throw new RegistryError(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "this needs credentials that are valid and reach far enough");
            default:
                throw new RegistryError(StatusCodes.Status403Forbidden, "DENIED", "the caller may not do this");
        }
    }
}
