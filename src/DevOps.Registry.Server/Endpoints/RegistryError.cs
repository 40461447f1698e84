using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>An answer that is no success.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Error Codes".</remarks>
internal sealed class RegistryError(int status, string code, string message, Exception? cause = null) : Exception(message, cause)
{
    internal static RegistryError NameInvalid => new(StatusCodes.Status400BadRequest, "NAME_INVALID", "the repository name is malformed");

    internal static RegistryError BlobUnknown => new(StatusCodes.Status404NotFound, "BLOB_UNKNOWN", "the repository does not hold this blob");

    internal static RegistryError ManifestUnknown => new(StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "the repository does not hold this manifest");

    internal static RegistryError ManifestDamaged(Exception cause) => new(StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "the content of this manifest is damaged here: push it again", cause);

    internal static RegistryError UploadUnknown => new(StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", "there is no such upload");

    internal static RegistryError UploadBusy => new(StatusCodes.Status409Conflict, "BLOB_UPLOAD_INVALID", "another request is writing to this upload");

    internal static RegistryError Unsupported => new(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", "this method has no meaning here");

    internal static RegistryError TooManyUploads => new(StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS", "too many uploads are open: complete or cancel some");

    internal static RegistryError DiskFull => new(StatusCodes.Status507InsufficientStorage, "UNKNOWN", "the registry has no room left");

    internal static RegistryError Failure => new(StatusCodes.Status500InternalServerError, "UNKNOWN", "the registry could not read or write its data");

    internal string Code => code;

    internal int Status => status;

    internal static RegistryError Forbidden(string message) => new(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", message);

    internal static RegistryError DigestInvalid(string message) => new(StatusCodes.Status400BadRequest, "DIGEST_INVALID", message);

    internal static RegistryError ManifestInvalid(string message) => new(StatusCodes.Status400BadRequest, "MANIFEST_INVALID", message);

    internal async Task WriteAsync(HttpContext context)
    {
        JsonObject body = new() { ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = Message }) };
        await RegistryAnswer.JsonAsync(context, status, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString())).ConfigureAwait(false);
    }
}
