// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {AccessRequest, IAccessRequests, Permit, Request} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Base} from "./Base.t.sol";
import {HonestWallet} from "./support/Wallets.sol";

contract OpenTest is Base {
    function _refuses(AccessRequest memory message, bytes memory signature, bytes memory refusal) internal {
        uint256 before = token.balanceOf(trent.account);
        vm.expectRevert(refusal);
        requests.open(message, signature, _noPermit());
        vm.assertEq(token.balanceOf(trent.account), before);
        vm.assertEq(requests.request(_hash(message)).trainer, address(0));
    }

    function _refuses(AccessRequest memory message, bytes memory refusal) internal {
        _refuses(message, _sign(trent, _digest(requests, _hash(message))), refusal);
    }

    function _permit(uint256 value) internal view returns (Permit memory permit) {
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                trent.account,
                address(requests),
                value,
                token.nonces(trent.account),
                block.timestamp
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(trent.key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), hash)));
        return Permit(value, block.timestamp, v, r, s);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_after_the_deadline() public {
        AccessRequest memory message = _request(1);
        vm.warp(message.deadline + 1);
        _refuses(message, abi.encodeWithSelector(ICommonErrors.MessageExpired.selector, message.deadline));
    }

    function test_refuses_a_request_that_is_over() public {
        AccessRequest memory message = _request(1);
        message.expires = uint40(block.timestamp);
        _refuses(message, abi.encodeWithSelector(IAccessRequests.RequestExpired.selector, message.expires));
    }

    function test_refuses_a_request_for_nothing() public {
        _refuses(_request(0), abi.encodeWithSelector(IAccessRequests.CountZero.selector));
    }

    function test_refuses_undefined_purposes() public {
        AccessRequest memory message = _request(1);
        message.purposes = FINE_TUNING | (1 << 24);
        _refuses(message, abi.encodeWithSelector(ICommonErrors.PurposesUndefined.selector, message.purposes));
        message.purposes = 1 << 5;
        _refuses(message, abi.encodeWithSelector(ICommonErrors.PurposesUndefined.selector, message.purposes));
    }

    function testFuzz_refuses_anything_but_one_use(uint32 purposes) public {
        AccessRequest memory message = _request(1);
        message.purposes = purposes & 0x0007001f;
        uint256 uses;
        for (uint256 i; i < 16; ++i) {
            uses += (message.purposes >> i) & 1;
        }
        vm.assume(uses != 1);
        _refuses(message, abi.encodeWithSelector(IAccessRequests.PurposeNotSingle.selector, message.purposes));
    }

    function test_refuses_recipients_of_low_order() public {
        bytes32[7] memory points = [
            bytes32(0),
            0x0100000000000000000000000000000000000000000000000000000000000000,
            0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800,
            0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157,
            0xecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f,
            0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f,
            0xeeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
        ];
        for (uint256 i; i < points.length; ++i) {
            AccessRequest memory message = _request(1);
            message.recipient = points[i];
            _refuses(message, abi.encodeWithSelector(IAccessRequests.RecipientLowOrder.selector, points[i]));
            message.recipient = points[i] | bytes32(uint256(0x80));
            _refuses(message, abi.encodeWithSelector(IAccessRequests.RecipientLowOrder.selector, message.recipient));
        }
    }

    function test_refuses_a_replay() public {
        AccessRequest memory message = _request(1);
        bytes32 id = _open(message);
        uint256 before = token.balanceOf(trent.account);
        bytes memory signature = _sign(trent, _digest(requests, _hash(message)));
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestExists.selector, id));
        requests.open(message, signature, _noPermit());
        vm.assertEq(token.balanceOf(trent.account), before);
    }

    function test_refuses_a_trainer_never_approved() public {
        AccessRequest memory message = _request(1);
        message.trainer = mallory.account;
        bytes memory signature = _sign(mallory, _digest(requests, _hash(message)));
        _refuses(
            message, signature, abi.encodeWithSelector(IAccessRequests.TrainerNotApproved.selector, mallory.account)
        );
    }

    function test_refuses_a_trainer_no_longer_approved() public {
        vm.prank(dao);
        trainers.revoke(trent.account);
        _refuses(_request(1), abi.encodeWithSelector(IAccessRequests.TrainerNotApproved.selector, trent.account));
    }

    function test_refuses_a_suspended_trainer() public {
        vm.prank(dao);
        trainers.setSuspended(trent.account, true);
        _refuses(_request(1), abi.encodeWithSelector(IAccessRequests.TrainerIsSuspended.selector, trent.account));
    }

    function test_refuses_an_unknown_pool() public {
        AccessRequest memory message = _request(1);
        message.pool = 9;
        _refuses(message, abi.encodeWithSelector(ICommonErrors.PoolUnknown.selector, 9));
    }

    function test_refuses_a_closed_pool() public {
        vm.prank(dao);
        registry.setClosed(1, true);
        _refuses(_request(1), abi.encodeWithSelector(ICommonErrors.PoolIsClosed.selector, 1));
    }

    function test_refuses_a_price_above_the_maximum() public {
        AccessRequest memory message = _request(3);
        vm.prank(dao);
        registry.setPrice(1, PRICE + 1);
        _refuses(
            message,
            abi.encodeWithSelector(IAccessRequests.PriceAboveMaximum.selector, 3 * (PRICE + 1), message.maxTotalPrice)
        );
    }

    /// @dev Price x count beyond 128 bits never wraps round to something cheap.
    function testFuzz_refuses_an_escrow_beyond_128_bits(uint128 price, uint32 count) public {
        vm.assume(count > 0 && price >= 1e18 && uint256(price) * count > type(uint128).max);
        vm.prank(dao);
        registry.setPrice(1, price);
        AccessRequest memory message = _request(count);
        message.maxTotalPrice = type(uint256).max;
        _refuses(message, abi.encodeWithSelector(IAccessRequests.EscrowTooLarge.selector, price, count));
    }

    function test_refuses_the_signature_of_somebody_else() public {
        AccessRequest memory message = _request(1);
        bytes memory signature = _sign(mallory, _digest(requests, _hash(message)));
        bytes memory refusal = abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, trent.account);
        _refuses(message, signature, refusal);
        signature = _sign(trent, _digest(registry, _hash(message)));
        _refuses(message, signature, refusal);
        signature = _sign(trent, _digest(requests, _hash(message)));
        vm.chainId(block.chainid + 1);
        _refuses(message, signature, refusal);
    }

    function test_refuses_another_recipient_than_the_one_signed() public {
        AccessRequest memory message = _request(1);
        bytes memory signature = _sign(trent, _digest(requests, _hash(message)));
        message.recipient = keccak256("Mallory's");
        _refuses(message, signature, abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, trent.account));
    }

    function test_refuses_without_allowance_or_money() public {
        vm.prank(trent.account);
        token.approve(address(requests), 1);
        _refuses(
            _request(1),
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(requests), 1, PRICE)
        );
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_takes_the_escrow_and_keeps_the_terms_of_the_day() public {
        AccessRequest memory message = _request(3);
        bytes32 id = _hash(message);
        vm.expectEmit(address(requests));
        emit IAccessRequests.RequestOpened(
            id,
            trent.account,
            1,
            FINE_TUNING,
            message.manifestRoot,
            message.manifestDocument,
            3,
            RECIPIENT,
            PRICE,
            500,
            1000,
            message.expires,
            WINDOW
        );
        vm.assertEq(_open(message), id);
        vm.prank(dao);
        registry.setPrice(1, 9e18);
        vm.prank(dao);
        requests.setFees(1, 2);
        vm.prank(dao);
        requests.setWindow(WINDOW + 1);
        vm.assertEq(
            keccak256(abi.encode(requests.request(id))),
            keccak256(
                abi.encode(
                    Request({
                        trainer: trent.account,
                        pool: 1,
                        purposes: FINE_TUNING,
                        count: 3,
                        expires: message.expires,
                        window: WINDOW,
                        treasuryBps: 500,
                        custodiansBps: 1000,
                        isFinal: false,
                        refunded: false,
                        manifestRoot: message.manifestRoot,
                        recipient: RECIPIENT,
                        price: uint128(PRICE),
                        spent: 0
                    })
                )
            )
        );
        vm.assertEq(token.balanceOf(address(requests)), 3 * PRICE);
        vm.assertEq(token.balanceOf(trent.account), RICH - 3 * PRICE);
    }

    /// @dev Up to the second: its deadline, the one before it expires, the trainer's last.
    function test_takes_it_at_the_last_second() public {
        AccessRequest memory message = _request(1);
        message.deadline = trainers.trainer(trent.account).approvedUntil;
        message.expires = uint40(message.deadline + 1);
        bytes memory signature = _sign(trent, _digest(requests, _hash(message)));
        vm.warp(message.deadline);
        requests.open(message, signature, _noPermit());
    }

    /// @dev Price x count, to the unit, and no more than the trainer said.
    function testFuzz_takes_price_times_count(uint96 price, uint8 count) public {
        vm.assume(count > 0);
        uint256 each = 1e18 + price % 3e21;
        vm.prank(dao);
        registry.setPrice(1, each);
        AccessRequest memory message = _request(count);
        message.maxTotalPrice = each * count;
        bytes32 id = _open(message);
        vm.assertEq(token.balanceOf(address(requests)), each * count);
        vm.assertEq(requests.request(id).price, each);
        vm.assertEq(token.balanceOf(trent.account), RICH - each * count);
    }

    /// @dev The escrow is 2^128 - 1 at most, and that much is taken.
    function test_takes_the_largest_escrow() public {
        vm.prank(dao);
        registry.setPrice(1, type(uint128).max);
        vm.prank(dao);
        token.mint(trent.account, type(uint128).max);
        AccessRequest memory message = _request(1);
        message.maxTotalPrice = type(uint128).max;
        _open(message);
        vm.assertEq(token.balanceOf(address(requests)), type(uint128).max);
    }

    function test_another_salt_opens_another_request() public {
        AccessRequest memory message = _request(1);
        bytes32 first = _open(message);
        message.salt = "2";
        vm.assertTrue(_open(message) != first);
    }

    function test_uses_a_permit() public {
        vm.prank(trent.account);
        token.approve(address(requests), 0);
        AccessRequest memory message = _request(2);
        Permit memory permit = _permit(2 * PRICE);
        requests.open(message, _sign(trent, _digest(requests, _hash(message))), permit);
        vm.assertEq(token.balanceOf(address(requests)), 2 * PRICE);
    }

    /// @dev Mallory sends the permit first; the allowance is there, so the request opens all the same.
    function test_opens_though_the_permit_was_used_already() public {
        vm.prank(trent.account);
        token.approve(address(requests), 0);
        AccessRequest memory message = _request(2);
        Permit memory permit = _permit(2 * PRICE);
        vm.prank(mallory.account);
        token.permit(trent.account, address(requests), permit.value, permit.deadline, permit.v, permit.r, permit.s);
        requests.open(message, _sign(trent, _digest(requests, _hash(message))), permit);
        vm.assertEq(token.balanceOf(address(requests)), 2 * PRICE);
    }

    function test_opens_for_a_contract_account() public {
        address wallet = address(new HonestWallet(trent.account));
        vm.prank(dao);
        trainers.approve(wallet, type(uint40).max, 0);
        vm.prank(dao);
        token.mint(wallet, PRICE);
        vm.prank(wallet);
        token.approve(address(requests), PRICE);
        AccessRequest memory message = _request(1);
        message.trainer = wallet;
        bytes32 id = requests.open(message, _sign(trent, _digest(requests, _hash(message))), _noPermit());
        vm.assertEq(requests.request(id).trainer, wallet);
    }
}
