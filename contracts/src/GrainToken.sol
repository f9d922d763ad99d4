// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {GranaryDomain} from "./GranaryDomain.sol";
import {IGrainToken, Join} from "./interfaces/IGrainToken.sol";
import {IRewardPool} from "./interfaces/IRewardPool.sol";
import {MessageHash} from "./libraries/MessageHash.sol";
import {SignatureCheck} from "./libraries/SignatureCheck.sol";

/// @title GrainToken
/// @notice The DAO's votes.
contract GrainToken is IGrainToken, GranaryDomain, ERC20Votes {
    using MessageHash for Join;
    using MessageHashUtils for bytes32;

    // ---------------------------------------------------------------------------------------------------- constants

    /// @inheritdoc IGrainToken
    uint256 public constant GRAIN_PER_CLAIMED = 1;

    /// @inheritdoc IGrainToken
    IRewardPool public immutable rewards;

    // -------------------------------------------------------------------------------------------------- constructor

    constructor(IRewardPool rewards_) ERC20("Granary Grain", "GRAIN") {
        if (address(rewards_) == address(0)) revert AddressZero();
        rewards = rewards_;
    }

    // ------------------------------------------------------------------------------------------------------ joining

    /// @inheritdoc IGrainToken
    function join() external returns (uint256 amount) {
        return _join(msg.sender);
    }

    /// @inheritdoc IGrainToken
    function joinFor(Join calldata message, bytes calldata signature) external returns (uint256 amount) {
        if (block.timestamp > message.deadline) revert MessageExpired(message.deadline);
        bytes32 digest = DOMAIN_SEPARATOR().toTypedDataHash(message.hash());
        if (!SignatureCheck.isValid(message.account, digest, signature)) revert SignatureInvalid(message.account);
        return _join(message.account);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IGrainToken
    function mintable(address account) public view returns (uint256) {
        return rewards.claimed(account) * GRAIN_PER_CLAIMED - balanceOf(account);
    }

    /// @notice Seconds since 1970, as ERC-6372 has it.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice Says what `clock` counts.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    // ---------------------------------------------------------------------------------------------------- internals

    /// @dev The balance is what was minted, for nothing ever leaves an account.
    function _join(address account) private returns (uint256 amount) {
        amount = mintable(account);
        if (amount == 0) revert NothingToMint(account);
        if (delegates(account) == address(0)) _delegate(account, account);
        _mint(account, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0)) revert NotTransferable();
        super._update(from, to, value);
    }
}
